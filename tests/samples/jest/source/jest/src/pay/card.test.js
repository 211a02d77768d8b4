// 1 test, which passes.
test('takes a card', () => {
  expect('4111 1111'.replace(' ', '')).toHaveLength(8);
});
