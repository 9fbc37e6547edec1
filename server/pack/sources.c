/* sources.c: what stands behind packs, and how it is called. */
#include "pack/sources.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

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

/* "報送資料 龜山區公所 人員訓練 113 第2版". */
static json_t *describe(const json_t *source, const struct plan *plan, enum language language)
{
    struct buffer out = BUFFER_WITH_LIMIT(LONGEST_KEY);
    const char *office = json_text_member(source, "office"), *form = json_text_member(source, "form");
    const struct office *known = office ? plan_office(plan, office) : NULL;
    const struct form *known_form = form ? plan_form(plan, form) : NULL;
    json_int_t number = json_integer_value(json_object_get(source, "number"));
    json_t *told;

    append_words(&out, kind_name(json_text_member(source, "kind"), language));
    append_words(&out, known ? known->name.text[language] : office);
    append_words(&out, known_form ? known_form->name.text[language] : form);
    append_words(&out, json_text_member(source, "period"));
    append_words(&out, json_text_member(source, "title"));
    append_words(&out, json_text_member(source, "number")); /* of a decision */
    append_words(&out, json_text_member(source, "day"));
    if (number)
        buffer_append_format(&out, language == LANGUAGE_ZH ? " 第 %lld 版" : " revision %lld", (long long)number);
    told = out.failed ? NULL : json_string(out.data);
    buffer_free(&out);
    return told;
}

static void add(json_t *list, const char *change, json_t *before, json_t *after, const struct plan *plan)
{
    const json_t *newer = after ? after : before;

    json_array_append_new(list,
                          json_pack("{ss ss sO? sO? so so}", "kind", json_text_member(newer, "kind"), "change", change,
                                    "before", before, "after", after, "zh", describe(newer, plan, LANGUAGE_ZH), "en",
                                    describe(newer, plan, LANGUAGE_EN)));
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
