#include <flow.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        printf("flowctl %s\n", flow_version());
        return 0;
    }
    if (count < 3) {
        fprintf(stderr, "usage: flowctl WIDTH AMOUNT...\n");
        return 2;
    }
    flow *channel = flow_open((unsigned)strtoul(words[1], NULL, 10));
    if (!channel)
        return 1;
    for (int i = 2; i < count; i++)
        flow_feed(channel, strtoul(words[i], NULL, 10));
    printf("%.0f ml/s\n", flow_rate(channel));
    flow_close(channel);
    return 0;
}
