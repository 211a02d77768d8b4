import index_of_the_shop  # noqa: F401
