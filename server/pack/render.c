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

/* A file on its way, on whichever thread. */
struct writing {
    const struct pack_making *making;
    enum pack_format format;
    struct buffer *file;
    bool good;
};

static void *write_file(void *context)
{
    struct writing *writing = context;

    *writing->file = BUFFER_WITH_LIMIT(PACK_MOST_BYTES);
    writing->good = pack_write(writing->making, writing->format, writing->file);
    return NULL;
}

/* The charts of an ODT and the pages of a PDF take about as long: each on a thread of its own where there is one to be
 * had. They only read the paper. */
static bool write_all(const struct pack_making *making, struct pack_files *files)
{
    struct writing beside = {making, PACK_ODT, &files->files[PACK_ODT], false};
    pthread_t thread;
    bool apart = pthread_create(&thread, NULL, write_file, &beside) == 0, good = true;

    if (!apart)
        write_file(&beside);
    for (int i = PACK_ODT + 1; i < PACK_FORMAT_COUNT; i++) {
        struct writing writing = {making, (enum pack_format)i, &files->files[i], false};

        write_file(&writing);
        good = good && writing.good;
    }
    if (apart)
        pthread_join(thread, NULL);
    return good && beside.good;
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
