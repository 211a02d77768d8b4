"""Shoppers of a shop: Home and Books pass, one Cart in four fails, Old page always does; Checkout raises now and then."""

from locust import HttpUser, constant, task


class Shopper(HttpUser):
    wait_time = constant(0.02)
    host = "http://127.0.0.1:8089"

    @task(4)
    def home(self):
        self.client.get("/", name="Home")

    @task(2)
    def cart(self):
        self.client.post("/cart", {"book": "Emma"})

    @task(1)
    def old(self):
        with self.client.get("/old", name='Old page, "moved"', catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"Expected 200, got {answer.status_code}")

    @task(1)
    def checkout(self):
        raise ValueError("the basket is empty")
