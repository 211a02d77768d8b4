const { configure } = require('@serenity-js/core');

configure({ crew: [
  '@serenity-js/serenity-bdd',
  ['@serenity-js/core:ArtifactArchiver', { outputDirectory: 'serenity' }],
] });
