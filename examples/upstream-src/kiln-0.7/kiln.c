#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

#ifndef WIDTH
#define WIDTH 60
#endif

static void put_text(char *text)
{
    size_t column = 0;

    for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n")) {
        size_t length = strlen(word);

        if (column && column + 1 + length > WIDTH) {
            putchar('\n');
            column = 0;
        }
        column += (size_t)printf("%s%s", column ? " " : "", word);
    }
    putchar('\n');
}

int main(int count, char **words)
{
    char line[1024];

    if (count == 2 && strcmp(words[1], "--help") == 0) {
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
            printf("%-8s%s\n", commands[i].name, commands[i].text);
        return 0;
    }
    while (fgets(line, sizeof line, stdin)) {
        if (strncmp(line, "title ", 6) == 0) {
            for (char *c = line + 6; *c; c++)
                putchar(toupper((unsigned char)*c));
        } else if (strncmp(line, "text ", 5) == 0) {
            put_text(line + 5);
        } else if (strncmp(line, "rule", 4) == 0) {
            for (int i = 0; i < WIDTH; i++)
                putchar('-');
            putchar('\n');
        } else if (line[0] != '\n') {
            return fprintf(stderr, "kiln: unknown line: %s", line), 1;
        }
    }
    return 0;
}
