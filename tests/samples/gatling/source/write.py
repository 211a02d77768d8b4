"""Writes simulation.log as Gatling 3.9 and 2.3 do: 6 requests of which Home passes, and Cart and Pay fail, each once or twice.

Home is asked for 4 times by 4 users (all OK); within the group Check out, Cart 4 times (2 KO) and Pay 3 times (1 KO, no answer).
"""

START = 1_772_355_600_000  # 2026-03-01 09:00 UTC
BAD = "status.find.is(200), but actually found 500"
DEAD = "j.n.ConnectException: Connection refused"
PASS = (0, 120, 95, 143, 101)


def events():
    for user in range(1, 5):
        at = START + 1000 * user
        yield "USER", user, "START", at
        yield "REQUEST", user, "", "Home", at, at + PASS[user], "OK", ""
        cart = at + 500
        bad = user % 2 == 0
        yield "REQUEST", user, "Check out", "Cart", cart, cart + 200 + user, "KO" if bad else "OK", BAD if bad else ""
        if user != 2:
            dead = user == 4
            yield "REQUEST", user, "Check out", "Pay", cart + 300, cart + 360, "KO" if dead else "OK", DEAD if dead else ""
        yield "GROUP", user, "Check out", cart, cart + 400, 260 + user, "KO" if bad else "OK"
        if user == 3:
            yield "ERROR", "Failed to build request Receipt: No attribute named 'receipt' is defined", at + 950
        yield "USER", user, "END", at + 1000


def version_3():
    yield "ASSERTION\tAAEFAAABAAAAAAAAQH9A"
    yield f"RUN\tshop.CheckOutSimulation\tcheckoutsimulation\t{START}\tnightly\t3.9.5"
    for kind, *rest in events():
        if kind == "USER":
            yield f"USER\tShoppers\t{rest[1]}\t{rest[2]}"
        elif kind == "REQUEST":
            yield "\t".join(map(str, ("REQUEST", *rest[1:-1], rest[-1] or " ")))
        elif kind == "GROUP":
            yield "\t".join(map(str, ("GROUP", *rest[1:])))
        else:
            yield "\t".join(map(str, ("ERROR", *rest)))


def version_2():
    yield f"RUN\tshop.CheckOutSimulation\t\tcheckoutsimulation\t{START}\t \t2.3.1"
    for kind, *rest in events():
        if kind == "USER":
            yield f"USER\tShoppers\t{rest[0]}\t{rest[1]}\t{rest[2]}\t{rest[2]}"
        elif kind == "REQUEST":
            yield "\t".join(map(str, ("REQUEST", "Shoppers", rest[0], *rest[1:-1], rest[-1] or " ")))
        elif kind == "GROUP":
            yield "\t".join(map(str, ("GROUP", "Shoppers", *rest)))
        else:
            yield "\t".join(map(str, ("GROUP", f"{rest[0]} ", rest[1])))


if __name__ == "__main__":
    for name, lines in (("simulation.log", version_3()), ("simulation-2.log", version_2())):
        with open(name, "w") as file:
            file.writelines(f"{line}\n" for line in lines)
