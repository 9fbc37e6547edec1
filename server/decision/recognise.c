/* recognise.c: a resolution's text: who, by when, and which data are asked for. */
#include "decision/recognise_inside.h"

size_t any_here(const char *text, size_t at, const char *const *words)
{
    size_t longest = 0;

    for (; *words; words++) {
        size_t length = here(text, at, *words);

        longest = length > longest ? length : longest;
    }
    return longest;
}

size_t any_before(const char *text, size_t at, const char *const *words)
{
    size_t longest = 0;

    for (; *words; words++) {
        size_t length = strlen(*words);

        if (length <= at && length > longest && here(text, at - length, *words))
            longest = length;
    }
    return longest;
}

size_t next_character(const char *text, size_t at)
{
    if (!text[at])
        return at;
    do
        at++;
    while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

/* ---- data that are asked for -------------------------------------------------------------------------------------- */

static const char *const asking[] = {"提報", "填報", "提供", "報送", "函報", "檢送", "函送", "提送", NULL};
static const char *const stops[] = {"，", "。", "；", "：", "（", "(", ",", ";", "\n", NULL};

/* The mention that begins at `at`. */
static const struct mention *mention_at(const struct recognised *recognised, size_t at)
{
    for (size_t i = 0; i < recognised->mention_count; i++)
        if (recognised->mentions[i].where.at == at)
            return &recognised->mentions[i];
    return NULL;
}

/* What is asked for, up to the end of the clause; nothing where the verb tells only whom it goes to. */
static struct span read_object(const char *text, size_t at, const struct recognised *recognised)
{
    size_t end = at;

    if (mention_at(recognised, at))
        return (struct span){at, 0};
    while (text[end] && !any_here(text, end, stops))
        end = next_character(text, end);
    return (struct span){at, end - at};
}

void recognise_requests(const char *text, struct recognised *recognised)
{
    size_t at = 0;

    while (text[at]) {
        size_t verb = any_here(text, at, asking);

        if (!verb) {
            at = next_character(text, at);
            continue;
        }
        if (recognised->request_count == RECOGNISED_MOST) {
            recognised->more = true;
            return;
        }
        recognised->requests[recognised->request_count++] =
            (struct recognised_request){{at, verb}, read_object(text, at + verb, recognised)};
        at += verb;
    }
}

bool recognise(const struct plan *plan, int year, struct date meeting, const char *text, struct arena *arena,
               struct recognised *ret_recognised)
{
    *ret_recognised = (struct recognised){.more = false};
    if (!recognise_names(plan, year, text, arena, ret_recognised))
        return false;
    recognise_days(meeting, text, ret_recognised);
    recognise_requests(text, ret_recognised);
    return true;
}
