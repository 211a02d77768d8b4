# It cannot be loaded, for which RSpec runs nothing.
require "index_of_the_shop"
