// The shop that the collection asks: node shop.js
const http = require('node:http');

http
  .createServer((request, response) => {
    const found = request.url.startsWith('/books');
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ? { title: 'Emma', price: 7 } : { message: 'There is no such page' }));
  })
  .listen(8125, '127.0.0.1');
