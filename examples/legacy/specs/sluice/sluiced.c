#include <gauge.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG "/etc/sluice.conf"
#define STATE "/var/lib/sluice/level"

struct settings {
    unsigned width;
    unsigned interval;
    char listen[64];
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static int read_settings(const char *file, struct settings *settings)
{
    char line[256], key[64], value[64];
    FILE *stream = fopen(file, "r");

    if (!stream)
        return -1;
    while (fgets(line, sizeof line, stream)) {
        if (line[0] == '#' || sscanf(line, " %63[a-z] = %63s", key, value) != 2)
            continue;
        if (strcmp(key, "width") == 0)
            settings->width = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(key, "interval") == 0)
            settings->interval = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(key, "listen") == 0)
            snprintf(settings->listen, sizeof settings->listen, "%s", value);
    }
    fclose(stream);
    return 0;
}

int main(int count, char **words)
{
    struct settings settings = { 10, 60, "0.0.0.0:7411" };
    const char *config = CONFIG;
    int once = 0;

    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--once") == 0)
            once = 1;
        else if (strcmp(words[i], "--config") == 0 && i + 1 < count)
            config = words[++i];
        else if (strcmp(words[i], "--version") == 0)
            return puts("sluiced 1.9") < 0;
        else
            return fprintf(stderr, "usage: sluiced [--once] [--config FILE]\n"), 2;
    }
    if (read_settings(config, &settings) != 0) {
        perror(config);
        return 1;
    }
    signal(SIGTERM, stop);
    do {
        unsigned long amounts[3] = { settings.width, settings.width * 2, settings.width * 3 };
        const char *level = gauge_name(gauge_judge(settings.width, amounts, 3));
        FILE *state = once ? stdout : fopen(STATE, "w");

        if (!state)
            return perror(STATE), 1;
        fprintf(state, "%s %s\n", level, settings.listen);
        if (state != stdout)
            fclose(state);
        if (!once)
            sleep(settings.interval);
    } while (!once && !stopped);
    return 0;
}
