// 15 tests that NUnit 2 writes down: 8 pass, 2 fail (one of them as its fixture's set-up threw),
// 1 breaks with an exception, 3 are not run (2 are ignored, 1 lacks its argument), 1 is inconclusive.
// One more is explicit, and not written down.
using System;
using NUnit.Framework;

namespace Shop.Tests
{
    [TestFixture, Category("Cart"), Description("What is in the cart")]
    public class CartTests
    {
        [Test, Description("Two and one are three"), Category("Fast"), Property("Severity", "Critical")]
        public void Adds()
        {
            Console.WriteLine("adding");
            Assert.AreEqual(3, 2 + 1);
        }

        [Test]
        public void Counts()
        {
            Console.WriteLine("counting");
            Assert.AreEqual(3, 2, "apples & pears <in the cart>");
        }

        [Test]
        public void Loads() { throw new InvalidOperationException("The cart is not there"); }

        [Test, Ignore("Not before spring")]
        public void Blooms() { }

        [Test, Explicit("Takes an hour")]
        public void Endures() { }

        [Test]
        public void Doubts() { Assert.Inconclusive("Nobody knows"); }

        [Test]
        public void Says() { Assert.Pass("All is well"); }

        [Test]
        public void Lacks(int number) { }

        [TestCase(1, 2, Result = 3)]
        [TestCase(2, 2, Result = 4)]
        [TestCase(-1, 1, Result = 0, TestName = "Opposites vanish")]
        public int Sums(int left, int right) { return left + right; }

        [TestCase("a, b", "c\"d")]
        [TestCase("", "(")]
        public void Joins(string left, string right) { Assert.IsNotNull(left + right); }
    }

    [TestFixture(12.5)]
    public class PriceTests
    {
        public PriceTests(double price) { }

        [Test]
        public void Rounds() { }
    }

    [TestFixture]
    public class StockTests
    {
        [TestFixtureSetUp]
        public void Open() { throw new ApplicationException("The warehouse is closed"); }

        [Test]
        public void Delivers() { }
    }

    [TestFixture, Ignore("Moved away")]
    public class OldTests
    {
        [Test]
        public void Remembers() { }
    }
}
