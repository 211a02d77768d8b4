// 6 tests: 2 pass (1 of them is known to fail, and does), 1 fails, 1 breaks, 1 is skipped, 1 is still to do
const test = require('ava')
test('adds up', t => { t.log('2 books'); t.is(1 + 1, 2) })
test('takes the discount off', t => t.is('12.50', '12.00'))
test('asks the warehouse', () => { throw new TypeError('no connection') })
test.failing('charges for delivery', t => t.fail())
test.skip('pays by card', t => t.pass())
test.todo('takes a voucher')
