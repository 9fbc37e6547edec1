/* progress.c: the bar; where standard error is no terminal, a line at each tenth. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "width.h"

enum { BAR_COLUMNS = 24, USUAL_SCREEN = 80, LEAST_NAME = 8 };

struct progress progress_begin(size_t total, bool wanted)
{
    bool terminal = isatty(STDERR_FILENO) != 0;

    return (struct progress){.total = total, .shown = total > 1 && (terminal || wanted), .terminal = terminal};
}

/* The name's end is what tells files apart: as much of it as fits. */
static const char *shorten(const char *name, size_t columns)
{
    while (*name && text_width(name) > columns) {
        name++;
        while (((unsigned char)*name & 0xc0) == 0x80)
            name++;
    }
    return name;
}

static void draw(const struct progress *progress, const char *name)
{
    size_t filled = progress->done * BAR_COLUMNS / progress->total, screen = screen_columns(STDERR_FILENO);
    char bar[BAR_COLUMNS + 1], head[BAR_COLUMNS + 64];

    memset(bar, '-', BAR_COLUMNS);
    memset(bar, '#', filled);
    bar[BAR_COLUMNS] = '\0';

    int used = snprintf(head, sizeof head, "[%s] %zu/%zu ", bar, progress->done, progress->total);
    size_t room = (screen ? screen : USUAL_SCREEN) - 1;

    room = room > (size_t)used + LEAST_NAME ? room - (size_t)used : 0;
    fprintf(stderr, "\r%s%s\033[K", head, shorten(name, room));
}

void progress_step(struct progress *progress, const char *name)
{
    size_t before = progress->done++;

    if (!progress->shown || progress->total == 0)
        return;
    if (progress->terminal)
        draw(progress, name);
    else if (progress->done * 10 / progress->total != before * 10 / progress->total)
        fprintf(stderr, "%zu/%zu\n", progress->done, progress->total);
    if (progress->terminal && progress->done == progress->total)
        progress_clear(progress);
}

void progress_clear(const struct progress *progress)
{
    if (progress->shown && progress->terminal)
        fputs("\r\033[K", stderr);
}
