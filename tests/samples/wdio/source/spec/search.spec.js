// 1 test, that is never run, for its hook breaks.
describe('search', () => {
  before('build the index', () => {
    throw new Error('index.example:9200');
  });

  it('finds apples', () => {});
});
