// 9 assertions: 5 hold (1 of them an empty test that is still to do), 1 fails, 1 breaks, 1 is still to do, 1 test is skipped
const t = require('tap')
t.test('cart', t => {
  t.equal(1 + 1, 2, 'adds up')
  t.equal('12.50', '12.00', 'takes the discount off')
  t.test('vouchers', { todo: 'next month' }, t => t.end())
  t.test('cards', { skip: 'no reader' }, t => t.end())
  t.end()
})
t.test('search', async t => {
  t.match('emma', /em/, 'finds # 1')
  t.same({ a: 1 }, { a: 1 })
  t.equal(1, 2, 'not yet', { todo: true })
  throw new TypeError('no index')
})
t.pass('says goodbye')
