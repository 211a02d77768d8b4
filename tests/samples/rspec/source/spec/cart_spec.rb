# 9 examples: 4 pass (2 of them shared), 2 fail (1 of them is pending and passes all the same), 1 meets an error,
# 2 are pending (1 of them fails, as it is expected to).
RSpec.shared_examples "something sold" do
  it "has a price" do
    expect(price).to be > 0
  end
end

RSpec.describe "Cart" do
  it("adds up") { expect(3 + 4).to eq 7 }

  context "with a discount" do
    it("rounds") { expect(1.005).to eq 1.01 }
    it("meets an error") { nil.price }
    it { expect([]).to be_empty }
  end

  context "an apple" do
    let(:price) { 3 }
    it_behaves_like "something sold"
  end

  context "a pear" do
    let(:price) { 4 }
    it_behaves_like "something sold"
  end

  xit "is sent by drone"

  it "knows no limit" do
    pending "SHOP-99"
    expect(99).to be > 100
  end

  it "knows a limit" do
    pending "SHOP-98"
    expect(99).to be < 100
  end
end
