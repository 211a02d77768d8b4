from behave import given, then, when


@given("a basket")
def a_basket(context):
    context.basket = 0


@when("I put in {amount:d} apples")
def put_in(context, amount):
    context.basket += 3 * amount


@then("I pay {price:d}")
def pay(context, price):
    assert context.basket == price, f"{context.basket} is not {price}"
