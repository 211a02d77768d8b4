int price(int weight)
{
    int unused;
    if (weight > 1000)
        return -1;
    return weight * 3;
}
