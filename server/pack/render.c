/* render.c: a pack in each of its formats. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "pack/pack.h"
#include "paper/write.h"

const char *const pack_format_words[PACK_FORMAT_COUNT] = {"odt", "pdf", "ods", "json"};
const char *const pack_media_types[PACK_FORMAT_COUNT + 1] = {
    "application/vnd.oasis.opendocument.text", "application/pdf", "application/vnd.oasis.opendocument.spreadsheet",
    "application/json", NULL};

bool pack_format_parse(const char *word, enum pack_format *ret_format)
{
    for (int i = 0; i < PACK_FORMAT_COUNT; i++) {
        if (strcmp(pack_format_words[i], word) == 0) {
            *ret_format = (enum pack_format)i;
            return true;
        }
    }
    return false;
}

/* What the pack answers, for whoever has only its file. */
static json_t *question_to_json(const struct pack_making *making)
{
    const struct pack_question *question = making->question;

    return json_pack("{ss si ss ss? si ss? ss ss ss sI}", "plan", question->version->plan->code, "plan_version",
                     question->version->version, "body", question->body->code, "unit", question->unit, "year",
                     question->year, "meeting", question->meeting, "basis", question->basis, "language",
                     question->language == LANGUAGE_ZH ? "zh" : "en", "as_of", making->as_of, "log_sequence",
                     (json_int_t)question->log_sequence);
}

static bool write_json(const struct pack_making *making, struct buffer *out)
{
    json_t *model = paper_to_json(making->paper);
    bool good = model && json_object_set_new(model, "question", question_to_json(making)) == 0 &&
                json_object_set(model, "sources", making->sources) == 0 && json_write_canonical(model, out);

    json_decref(model);
    return good;
}

bool pack_write(const struct pack_making *making, enum pack_format format, struct buffer *out)
{
    const struct paper *paper = making->paper;

    switch (format) {
    case PACK_ODT: return paper_write_odt(paper, NULL, out);
    case PACK_PDF: return paper_write_pdf(paper, NULL, out);
    case PACK_ODS: return paper->table_count + paper->chart_count == 0 || paper_write_ods(paper, out);
    default: return write_json(making, out);
    }
}

/* Files on their way, on whichever thread: those of the formats from `first` up to `end`. */
struct writing {
    const struct pack_making *making;
    struct pack_files *files;
    enum pack_format first, end;
    bool good;
};

static void *write_files(void *context)
{
    struct writing *writing = context;

    writing->good = true;
    for (int i = (int)writing->first; i < (int)writing->end; i++) {
        struct buffer *file = &writing->files->files[i];

        *file = BUFFER_WITH_LIMIT(PACK_MOST_BYTES);
        writing->good = pack_write(writing->making, (enum pack_format)i, file) && writing->good;
    }
    return NULL;
}

/* The charts of an ODT and the pages of a PDF take about as long: each on a thread of its own where there is one to be
 * had. They only read the paper. Pango keeps its fonts by thread and lets go of them when that ends: on the threads that
 * answer requests they would stay, some tens of MB on each. */
static bool write_all(const struct pack_making *making, struct pack_files *files)
{
    struct writing parts[] = {{making, files, PACK_ODT, PACK_PDF, false},
                              {making, files, PACK_PDF, PACK_FORMAT_COUNT, false}};
    enum { PART_COUNT = sizeof parts / sizeof *parts };
    pthread_t threads[PART_COUNT];
    bool apart[PART_COUNT], good = true;

    for (int i = 0; i < PART_COUNT; i++)
        apart[i] = pthread_create(&threads[i], NULL, write_files, &parts[i]) == 0;
    for (int i = 0; i < PART_COUNT; i++) {
        if (apart[i])
            pthread_join(threads[i], NULL);
        else
            write_files(&parts[i]);
        good = good && parts[i].good;
    }
    return good;
}

bool pack_render(const struct pack_making *making, struct pack_files *ret_files)
{
    size_t length = 0;
    bool good;

    *ret_files = (struct pack_files){.too_large = false};
    good = write_all(making, ret_files);
    for (int i = 0; i < PACK_FORMAT_COUNT; i++) {
        length += ret_files->files[i].length;
        ret_files->too_large = ret_files->too_large || ret_files->files[i].beyond_limit;
    }
    ret_files->too_large = ret_files->too_large || length > PACK_MOST_BYTES;
    if (good && !ret_files->too_large)
        return true;
    pack_files_free(ret_files);
    return false;
}

void pack_files_free(struct pack_files *files)
{
    for (int i = 0; i < PACK_FORMAT_COUNT; i++)
        buffer_free(&files->files[i]);
}
