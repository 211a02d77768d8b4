#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int price(int weight);

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "leak") == 0)
        memset(malloc(40), 7, 40);
    int paid = price(argc > 1 ? atoi(argv[1]) : 0);
    printf("paid %d\n", paid);
    return paid < 0;
}
