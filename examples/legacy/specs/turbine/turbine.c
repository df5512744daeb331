#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH 64

/* Runs a program of numbers and words, last in first out. */
static int run(FILE *program)
{
    long stack[DEPTH];
    int top = 0;
    char word[64];

    while (fscanf(program, "%63s", word) == 1) {
        char *end;
        long number = strtol(word, &end, 10);

        if (*end == '\0') {
            if (top == DEPTH)
                return fprintf(stderr, "turbine: too deep\n"), 1;
            stack[top++] = number;
        } else if (strcmp(word, "print") == 0 && top > 0) {
            printf("%ld\n", stack[--top]);
        } else if (strcmp(word, "add") == 0 && top > 1) {
            top--;
            stack[top - 1] += stack[top];
        } else if (strcmp(word, "mul") == 0 && top > 1) {
            top--;
            stack[top - 1] *= stack[top];
        } else {
            return fprintf(stderr, "turbine: cannot do %s\n", word), 1;
        }
    }
    return 0;
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "--version") == 0)
        return puts("turbine 1.6") < 0;
    FILE *program = count == 2 ? fopen(words[1], "r") : stdin;
    if (!program)
        return perror(words[1]), 1;
    return run(program);
}
