// Draws the API's description with Swagger UI; nothing is asked of any other host.
const place = document.getElementById("swagger");

window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: place.dataset.url,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: false,
    persistAuthorization: false,
    presets: [window.SwaggerUIBundle.presets.apis],
  });
});
