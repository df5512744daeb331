#include "gauge.h"

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words)
{
    unsigned long amounts[64];
    size_t used = 0;

    if (count < 3) {
        fprintf(stderr, "usage: gauge WIDTH AMOUNT...\n");
        return 2;
    }
    for (int i = 2; i < count && used < 64; i++)
        amounts[used++] = strtoul(words[i], NULL, 10);
    puts(gauge_name(gauge_judge((unsigned)strtoul(words[1], NULL, 10), amounts, used)));
    return 0;
}
