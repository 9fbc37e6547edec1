/* server_paper.c: writes a sample paper in every format: server_paper zh|en everything|pack FOLDER. Says on standard output
 * how much processor time each took, in milliseconds, and how much memory the process has had at most, in KiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "paper/write.h"
#include "support/paper_sample.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static bool write_pdf(const struct paper *paper, struct buffer *out)
{
    return paper_write_pdf(paper, NULL, out);
}

static bool write_odt(const struct paper *paper, struct buffer *out)
{
    return paper_write_odt(paper, NULL, out);
}

static bool write_json(const struct paper *paper, struct buffer *out)
{
    json_t *json = paper_to_json(paper);
    char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
    bool good = text && buffer_append_text(out, text);

    free(text);
    json_decref(json);
    return good;
}

static const struct format {
    const char *name;
    bool (*write)(const struct paper *paper, struct buffer *out);
} formats[] = {{"pdf", write_pdf}, {"odt", write_odt}, {"ods", paper_write_ods}, {"json", write_json}};

static bool write_one(const struct paper *paper, const struct format *format, const char *folder)
{
    struct buffer out = BUFFER_WITH_LIMIT(PAPER_FILE_LIMIT);
    double start = now();
    bool good = format->write(paper, &out);
    char path[4096];
    FILE *file;

    printf("%s %.0f\n", format->name, now() - start);
    snprintf(path, sizeof path, "%s/paper.%s", folder, format->name);
    file = good ? fopen(path, "wb") : NULL;
    good = file && fwrite(out.data, 1, out.length, file) == out.length;
    if (file)
        good = fclose(file) == 0 && good;
    buffer_free(&out);
    return good;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    enum language language = argc > 1 && strcmp(argv[1], "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    struct paper *paper;
    struct rusage usage;
    bool good = argc == 4;

    if (!arena || !good)
        return EXIT_FAILURE;
    paper = strcmp(argv[2], "pack") == 0 ? sample_pack(arena, language) : sample_paper(arena, language);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        good = write_one(paper, &formats[i], argv[3]) && good;
    getrusage(RUSAGE_SELF, &usage);
    printf("memory %ld\n", usage.ru_maxrss);
    arena_free(arena);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
