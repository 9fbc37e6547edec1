/* minutes_corrections.c: what was corrected or added since the minutes of a meeting went out. */
#include <string.h>

#include "base/json.h"
#include "pack/figures.h"
#include "pack/minutes.h"

/* A word of the contract and what it is called. */
struct term {
    const char *code, *chinese, *english;
};

static const char *term_of(const struct pack_making *making, const struct term *terms, size_t count, const char *code)
{
    for (size_t i = 0; code && i < count; i++)
        if (strcmp(terms[i].code, code) == 0)
            return making_say(making, terms[i].chinese, terms[i].english);
    return "";
}

/* When the minutes went out for the first time; NULL: of one that was recorded together with them, nobody knows. */
static const char *went_out_at(const json_t *meeting)
{
    const json_t *step;
    size_t i;

    json_array_foreach(json_object_get(meeting, "steps"), i, step)
        if (strcmp(json_text_member(step, "state"), "on_record") == 0)
            return json_text_member(step, "recorded_at");
    return NULL;
}

static const char *value_of(const struct pack_making *making, const char *field, const char *value)
{
    return strcmp(field, "day") == 0 ? date_text(making, value) : value;
}

/* "會議日期由113/9/20更正為113/9/21", "「…一案」原為：…", of a resolution that was only added which it is of. NULL:
 * of anything else that was only added. */
static const char *change_text(const struct pack_making *making, const json_t *change)
{
    static const struct term fields[] = {{"day", "會議日期", "day"},
                                         {"begins", "開始時間", "beginning"},
                                         {"ends", "結束時間", "end"},
                                         {"place", "地點", "place"},
                                         {"document_number", "文號", "document number"}};
    const char *field = json_text_member(change, "field"), *before = json_text_member(change, "before"),
               *after = json_text_member(change, "after"), *title = json_text_member(change, "title");

    if (!before)
        return strcmp(field, "resolution") == 0 && title
                   ? arena_format(making->arena, making_say(making, "「%s」補登", "“%s” added"), title)
                   : NULL;
    if (strcmp(field, "resolution") == 0)
        return arena_format(making->arena, making_say(making, "「%s」原為：%s", "“%s” was: %s"), title ? title : "",
                            before);
    return arena_format(making->arena, making_say(making, "%s由%s更正為%s", "%s from %s to %s"),
                        term_of(making, fields, sizeof fields / sizeof *fields, field), value_of(making, field, before),
                        value_of(making, field, after));
}

static const char *changes_text(const struct pack_making *making, const json_t *changes)
{
    const char *all = NULL;
    const json_t *change;
    size_t i;

    json_array_foreach(changes, i, change) {
        const char *text = change_text(making, change);

        if (text)
            all = all ? arena_format(making->arena, making_say(making, "%s；%s", "%s; %s"), all, text) : text;
    }
    return all;
}

static void tell_one(const struct pack_making *making, const json_t *correction)
{
    static const struct term parts[] = {
        {"step", "會議日期、時間、地點或文號", "its day, times, place or document number"},
        {"agenda", "議程", "the agenda"},
        {"attendance", "出席人員", "the attendance"},
        {"resolutions", "決議（決定）", "what was resolved"}};
    const char *part = term_of(making, parts, sizeof parts / sizeof *parts, json_text_member(correction, "of")),
               *reason = json_text_member(correction, "reason"),
               *changes = changes_text(making, json_object_get(correction, "changes")),
               *when =
                   shown_moment(making->arena, json_text_member(correction, "recorded_at"), making->question->language);
    const char *text = reason ? arena_format(making->arena, making_say(making, "%s更正%s：%s", "%s, %s corrected: %s"),
                                             when, part, reason)
                              : arena_format(making->arena, making_say(making, "%s補登%s", "%s, %s added"), when, part);

    paper_list(making->paper, 1,
               changes ? arena_format(making->arena, making_say(making, "%s（%s）", "%s (%s)"), text, changes) : text);
}

void tell_corrections(struct pack_making *making, const json_t *meeting, corrections_fn *introduce)
{
    const char *out = went_out_at(meeting);
    const json_t *one;
    bool introduced = false;
    size_t i;

    json_array_foreach(json_object_get(meeting, "corrections"), i, one) {
        if (out && strcmp(json_text_member(one, "recorded_at"), out) <= 0) /* in UTC, both of one form */
            continue;
        if (!introduced)
            introduce(making);
        introduced = true;
        tell_one(making, one);
    }
}

static void begin_corrections(struct pack_making *making)
{
    paper_heading(making->paper, 1, making_say(making, "更正紀錄", "Corrections"));
}

void minutes_corrections(const struct minutes *minutes)
{
    if (!minutes->draft)
        tell_corrections(minutes->making, minutes->meeting, begin_corrections);
}
