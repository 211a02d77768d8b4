int main(void)
{
    int *nothing = 0;
    return *nothing;
}
