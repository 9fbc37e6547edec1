/* server_paper.c: how long a paper takes and how much memory, for a pack of the usual length. With arguments it writes a
 * sample paper in every format, for the suite integration/paper.py: server_paper zh|en everything|pack|rows FOLDER. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "paper/write.h"
#include "support/paper_sample.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024, MOST_MILLISECONDS = 2000, MOST_MEMORY = 100 * 1024 /* KiB */ };

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
    bool good = format->write(paper, &out);
    char path[4096];
    FILE *file;

    if (!good || !folder) {
        buffer_free(&out);
        return good;
    }
    snprintf(path, sizeof path, "%s/paper.%s", folder, format->name);
    file = fopen(path, "wb");
    good = file && fwrite(out.data, 1, out.length, file) == out.length;
    if (file)
        good = fclose(file) == 0 && good;
    buffer_free(&out);
    return good;
}

/* All formats into a folder; NULL: nowhere. */
static bool write_formats(const struct paper *paper, const char *folder)
{
    bool good = true;

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        good = write_one(paper, &formats[i], folder) && good;
    return good;
}

static long most_memory(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* The suite's own test: a pack of the usual length is written quickly and in little memory. */
static bool measure(struct arena *arena)
{
    const char *variant = getenv("TRIBUTARY_TEST_VARIANT");
    bool strict = !variant || strcmp(variant, "asan") != 0;
    struct paper *paper = sample_pack(arena, LANGUAGE_ZH);
    double start = now();
    bool good = write_formats(paper, NULL);
    double taken = now() - start;

    good = good && (!strict || (taken < MOST_MILLISECONDS && most_memory() < MOST_MEMORY));
    printf(
        "%s - a pack of %u tables and %u charts is written in every format in %.0f ms of processor time and %ld KiB\n",
        good ? "ok" : "not ok", paper ? paper->table_count : 0, paper ? paper->chart_count : 0, taken, most_memory());
    return good;
}

/* Tables of `least` to `most` rows, each on pages of its own: "row 3 of 40". Every other
 * table has its rows in groups of three. */
static struct paper *tables_of_rows(struct arena *arena, enum language language, int least, int most)
{
    struct paper *paper = paper_in(arena, &(struct paper_head){.title = "rows", .language = language});

    for (int rows = least; rows <= most; rows++) {
        struct paper_table *table;

        paper_break(paper);
        table = paper_table(paper, "rows", &(struct paper_column){.heading = "row"}, 1, false);
        for (int i = 1; i <= rows; i++) {
            if (i % 3 == 1 && rows % 2)
                paper_row(table, PAPER_ROW_GROUP, (const char *[]){"group"});
            paper_row(table, PAPER_ROW_PLAIN, (const char *[]){arena_format(arena, "row %d of %d.", i, rows)});
        }
        paper_note(table, "note");
    }
    return paper;
}

static struct paper *named_paper(struct arena *arena, enum language language, const char *name)
{
    enum { LEAST_ROWS = 31, MOST_ROWS = 75 };

    if (strcmp(name, "pack") == 0)
        return sample_pack(arena, language);
    return strcmp(name, "rows") == 0 ? tables_of_rows(arena, language, LEAST_ROWS, MOST_ROWS)
                                     : sample_paper(arena, language);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    enum language language = argc > 1 && strcmp(argv[1], "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    bool good = arena != NULL;

    if (good && argc == 1)
        good = measure(arena);
    else if (good && argc == 4)
        good = write_formats(named_paper(arena, language, argv[2]), argv[3]);
    arena_free(arena);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
