// 16 tests with initTestCase and cleanupTestCase: 8 pass (one fails where it is expected to, two are benchmarks), 4 fail (one of them passed where it was expected to fail), 2 are skipped, 2 are blacklisted (one passed, one failed).
#include <QtTest>

class Shop : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("opening"); }
    void adds() { QCOMPARE(1 + 1, 2); }
    void weighs()
    {
        qWarning("nearly <full> & heavy");
        qDebug() << "scale" << 7;
        QCOMPARE(1.5, 1.25);
    }
    void prices_data()
    {
        QTest::addColumn<int>("kilos");
        QTest::addColumn<int>("price");
        QTest::newRow("apples") << 1 << 3;
        QTest::newRow("pears") << 2 << 7;
        QTest::newRow("nuts, \"fresh\" & <dry>") << 3 << 9;
        QTest::newRow("plums") << -1 << 0;
    }
    void prices()
    {
        QFETCH(int, kilos);
        QFETCH(int, price);
        if (kilos < 0)
            QSKIP("No plums today");
        QVERIFY2(kilos * 3 == price, "the price is wrong");
    }
    void discount()
    {
        QEXPECT_FAIL("", "Not before spring", Continue);
        QCOMPARE(10, 9);
    }
    void surprise()
    {
        QEXPECT_FAIL("", "Should not work yet", Continue);
        QVERIFY(true);
    }
    void prints() { QSKIP("There is no printer here"); }
    void sometimes() { QVERIFY(true); }
    void seldom() { QVERIFY2(false, "not today"); }
    void sorts()
    {
        QBENCHMARK {
            QVector<int> all = {3, 1, 2};
            std::sort(all.begin(), all.end());
        }
    }
    void searches_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("few") << 10;
    }
    void searches()
    {
        QFETCH(int, size);
        QTest::setBenchmarkResult(size * 2.5, QTest::BytesAllocated);
    }
    void reads()
    {
        QTest::ignoreMessage(QtWarningMsg, "this is never said");
    }
    void cleanupTestCase() {}
};

QTEST_GUILESS_MAIN(Shop)
#include "tst_shop.moc"
