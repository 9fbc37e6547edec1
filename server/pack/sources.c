/* sources.c: what stands behind packs, and how it is called. */
#include "pack/sources.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/period.h"

enum { LONGEST_KEY = 4096 };

/* What kinds of sources are called; another kind is called by its code. */
static const struct {
    const char *kind;
    struct name name;
} kinds[] = {
    {"revision", {{"報送資料", "Submission"}}}, {"meeting", {{"會議", "Meeting"}}},
    {"decision", {{"列管事項", "Decision"}}},   {"progress", {{"辦理情形", "Report of progress"}}},
    {"ruling", {{"列管裁示", "Ruling"}}},       {"referral", {{"提報", "Referral"}}},
    {"roster", {{"名冊", "Roster"}}},           {"member", {{"委員", "Member"}}},
    {"agenda", {{"議程", "Agenda"}}},           {"resolution", {{"決議", "Resolution"}}},
    {"extension", {{"展延期限", "Extension"}}},
};

static const char *kind_name(const char *kind, enum language language)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].name.text[language];
    return kind;
}

/* By what a source is found again: a revision by whose it is, of which form, period and event. */
static void format_identity(const char *kind, const char *id, const json_t *details, struct buffer *key)
{
    static const char *const members[] = {"office", "form", "period", "event"};
    bool told = strcmp(kind, "revision") == 0 && json_text_member(details, "form");

    buffer_append_format(key, "%s\x1f", kind);
    for (size_t i = 0; told && i < sizeof members / sizeof *members; i++) {
        const char *text = json_text_member(details, members[i]);

        buffer_append_format(key, "%s\x1f", text ? text : "");
    }
    if (!told)
        buffer_append_text(key, id);
}

/* Every source as {"kind","id",…its details} under its identity; several of the same get numbers. */
static json_t *by_identity(const json_t *sources)
{
    json_t *map = json_object(), *of_kind, *details;
    const char *kind, *id;

    json_object_foreach((json_t *)sources, kind, of_kind) {
        json_object_foreach(of_kind, id, details) {
            struct buffer key = BUFFER_WITH_LIMIT(LONGEST_KEY);
            json_t *told = json_pack("{ss ss}", "kind", kind, "id", id);

            if (told)
                json_object_update_missing(told, details);
            format_identity(kind, id, details, &key);
            for (int n = 2; !key.failed && json_object_get(map, key.data); n++)
                buffer_append_format(&key, "\x1f%d", n);
            if (!key.failed)
                json_object_set_new(map, key.data, told);
            else
                json_decref(told);
            buffer_free(&key);
        }
    }
    return map;
}

static void append_words(struct buffer *out, const char *words)
{
    if (words && *words) {
        buffer_append_text(out, out->length ? " " : "");
        buffer_append_text(out, words);
    }
}

static void append_day(struct buffer *out, const char *iso, enum language language)
{
    struct date day;

    if (language == LANGUAGE_ZH && date_parse_iso(iso, &day))
        buffer_append_format(out, "%d年%d月%d日", day.year - ROC_EPOCH, day.month, day.day);
    else
        buffer_append_text(out, iso);
}

/* " 113年10月15日", of one whose day changed " 113年10月15日 → 113年10月18日". */
static void append_days(struct buffer *out, const json_t *before, const json_t *newer, enum language language)
{
    const char *day = json_text_member(newer, "day"), *was = json_text_member(before, "day");

    if (!day)
        return;
    buffer_append_text(out, " ");
    if (was && strcmp(was, day) != 0) {
        append_day(out, was, language);
        buffer_append_text(out, " → ");
    }
    append_day(out, day, language);
}

/* Of a meeting which of its year's it is, of what is handed in its revision. */
static void append_number(struct buffer *out, const char *kind, json_int_t number, enum language language)
{
    bool of_meeting = strcmp(kind, "meeting") == 0;

    if (language == LANGUAGE_ZH)
        buffer_append_format(out, of_meeting ? " 第 %lld 次" : " 第 %lld 版", (long long)number);
    else
        buffer_append_format(out, of_meeting ? " number %lld" : " revision %lld", (long long)number);
}

/* "報送資料 龜山區公所 人員訓練 113 第 2 版". `before` NULL: it wasn't there. */
static json_t *describe(const json_t *before, const json_t *newer, const struct plan *plan, enum language language)
{
    struct buffer out = BUFFER_WITH_LIMIT(LONGEST_KEY);
    const char *kind = json_text_member(newer, "kind"), *office = json_text_member(newer, "office"),
               *form = json_text_member(newer, "form");
    const struct office *known = office ? plan_office(plan, office) : NULL;
    const struct form *known_form = form ? plan_form(plan, form) : NULL;
    json_int_t number = json_integer_value(json_object_get(newer, "number"));
    json_t *told;

    append_words(&out, kind_name(kind, language));
    append_words(&out, known ? known->name.text[language] : office);
    append_words(&out, known_form ? known_form->name.text[language] : form);
    append_words(&out, json_text_member(newer, "period"));
    append_words(&out, json_text_member(newer, "number")); /* of a decision */
    append_words(&out, json_text_member(newer, "title"));
    append_days(&out, before, newer, language);
    if (number)
        append_number(&out, kind, number, language);
    told = out.failed ? NULL : json_string(out.data);
    buffer_free(&out);
    return told;
}

static void add(json_t *list, const char *change, json_t *before, json_t *after, const struct plan *plan)
{
    const json_t *newer = after ? after : before;

    json_array_append_new(list,
                          json_pack("{ss ss sO? sO? so so}", "kind", json_text_member(newer, "kind"), "change", change,
                                    "before", before, "after", after, "zh", describe(before, newer, plan, LANGUAGE_ZH),
                                    "en", describe(before, newer, plan, LANGUAGE_EN)));
}

json_t *changed_sources(const json_t *before, const json_t *after, const struct plan *plan)
{
    json_t *list = json_array(), *were = by_identity(before), *are = by_identity(after), *one;
    const char *key;

    json_object_foreach(are, key, one) {
        json_t *old = json_object_get(were, key);

        if (!old || !json_equal(old, one))
            add(list, old ? "changed" : "added", old, one, plan);
    }
    json_object_foreach(were, key, one)
        if (!json_object_get(are, key))
            add(list, "gone", one, NULL, plan);
    json_decref(were);
    json_decref(are);
    return list;
}
