int main(void)
{
    return discount;
}
