# 4 examples: 1 passes, 1 fails, 1 meets an error and 1 is pending.
RSpec.describe "Search" do
  it("finds apples") { expect("apples").to include "apple" }
  it("sorts by price") { expect([3, 1]).to eq [1, 3] }
  it("is indexed") { raise IOError, "index.example:9200" }
  it "speaks Latin"
end
