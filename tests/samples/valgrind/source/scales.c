/* Memcheck finds 5 kinds of errors: an invalid write, an invalid free, a jump on what was never set (at two lines of one
   function), 1 definite leak, and 1 leak that is still reachable and no error. With "clean" it finds none, with "crash"
   the program writes to address 0 and is killed by a signal as well. Helgrind finds 1 race with "race". */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *kept;
static int total;

static void overflows(void)
{
    char *label = malloc(4);
    label[4] = 0;
    free(label);
    free(label);
}

static void leaks(void)
{
    char *lost = malloc(40);
    lost[0] = 'x';
}

static int unset(void)
{
    int weights[2];
    volatile int *read = weights;
    int heavy = 0;
    if (read[0] > 3)
        heavy++;
    if (read[1] > 3)
        heavy++;
    return heavy;
}

static void *adds(void *unused)
{
    total++;
    return unused;
}

static void races(void)
{
    pthread_t till;
    pthread_create(&till, 0, adds, 0);
    total++;
    pthread_join(till, 0);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "clean"))
        return 0;
    if (!strcmp(what, "race")) {
        races();
        return 0;
    }
    kept = malloc(10);
    overflows();
    leaks();
    printf("%d\n", unset());
    if (!strcmp(what, "crash"))
        *(volatile int *)0 = 1;
    return 0;
}
