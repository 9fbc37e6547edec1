/* xml_edit.c: pieces of an XML text put in the place of others, every byte beside them as it was. */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/xml_text.h"
#include "sheet/xml_text_inside.h"

void xml_append_range(struct buffer *out, const char *start, const char *end)
{
    buffer_append(out, start, (size_t)(end - start));
}

/* Whether the character at `p` may stand in XML 1.0. */
static bool can_stand(const unsigned char *p)
{
    if (p[0] < 0x20)
        return p[0] == '\t' || p[0] == '\n' || p[0] == '\r';
    return !(p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe); /* U+FFFE, U+FFFF */
}

static size_t character_length(unsigned char lead)
{
    return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

void xml_append_text(struct buffer *out, const char *text)
{
    static const char *const entities[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    size_t length = strlen(text);

    for (size_t i = 0, step; i < length; i += step) {
        unsigned char c = (unsigned char)text[i];

        step = character_length(c);
        if (step > length - i)
            return;
        if (!can_stand((const unsigned char *)text + i))
            continue;
        if (c < sizeof entities / sizeof *entities && entities[c])
            buffer_append_text(out, entities[c]);
        else
            buffer_append(out, text + i, step);
    }
}

static const struct xml_change *find_change(const struct xml_attribute *attribute, const struct xml_change *changes,
                                            size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (xml_is_attribute(attribute, changes[i].prefix, changes[i].local))
            return &changes[i];
    return NULL;
}

static void append_attribute(struct buffer *out, const struct xml_change *change)
{
    buffer_append_format(out, " %s%s=\"", change->prefix, change->local);
    buffer_append_text(out, change->value);
    buffer_append_char(out, '"');
}

void xml_append_tag(struct buffer *out, const struct xml_tag *tag, const struct xml_change *changes, size_t count,
                    enum xml_kind kind)
{
    const char *at = tag->name + tag->name_length, *done = tag->start;
    struct xml_attribute attribute, unused;

    while (xml_next_attribute(tag, &at, &attribute)) {
        const struct xml_change *change = find_change(&attribute, changes, count);

        if (!change)
            continue;
        if (change->value) {
            xml_append_range(out, done, attribute.value);
            buffer_append_text(out, change->value);
            done = attribute.value + attribute.value_length;
        } else {
            if (attribute.start - 1 > done) /* with the blank before it, which unsound XML may lack */
                xml_append_range(out, done, attribute.start - 1);
            done = attribute.end;
        }
    }
    xml_append_range(out, done, tag->kind == XML_EMPTY ? tag->end - 2 : tag->end - 1);
    for (size_t i = 0; i < count; i++)
        if (changes[i].value && !xml_find(tag, changes[i].prefix, changes[i].local, &unused))
            append_attribute(out, &changes[i]);
    buffer_append_text(out, kind == XML_EMPTY ? "/>" : ">");
}

void xml_append_end(struct buffer *out, const struct xml_tag *tag)
{
    buffer_append_text(out, "</");
    buffer_append(out, tag->name, tag->name_length);
    buffer_append_char(out, '>');
}

static void add(struct xml_edits *edits, struct xml_edit edit)
{
    if (edits->count == edits->capacity) {
        size_t capacity = edits->capacity ? edits->capacity * 2 : 64;
        struct xml_edit *items = arena_alloc_array(edits->arena, capacity, sizeof *items);

        if (!items) {
            edits->failed = true;
            return;
        }
        if (edits->count)
            memcpy(items, edits->items, edits->count * sizeof *items);
        edits->items = items;
        edits->capacity = capacity;
    }
    edit.number = edits->count;
    edits->items[edits->count++] = edit;
}

void xml_replace(struct xml_edits *edits, struct xml_range range, struct buffer *piece)
{
    const char *text = piece->failed ? NULL : arena_copy(edits->arena, piece->data ? piece->data : "", piece->length);

    if (text)
        add(edits, (struct xml_edit){.range = range, .text = text, .length = piece->length});
    else
        edits->failed = true;
    piece->length = 0;
}

void xml_insert(struct xml_edits *edits, const char *at, const char *text)
{
    if (text)
        add(edits, (struct xml_edit){.range = {at, at}, .text = text, .length = strlen(text)});
    else
        edits->failed = true;
}

static int compare_edits(const void *a, const void *b)
{
    const struct xml_edit *x = a, *y = b;

    if (x->range.start != y->range.start)
        return x->range.start < y->range.start ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

bool xml_apply(struct xml_edits *edits, const char *text, size_t length, struct buffer *out)
{
    const char *done = text;

    if (edits->failed)
        return false;
    if (edits->count)
        qsort(edits->items, edits->count, sizeof *edits->items, compare_edits);
    for (size_t i = 0; i < edits->count; i++) {
        const struct xml_edit *edit = &edits->items[i];

        if (edit->range.start < done || edit->range.end > text + length)
            return false;
        xml_append_range(out, done, edit->range.start);
        buffer_append(out, edit->text, edit->length);
        done = edit->range.end;
    }
    xml_append_range(out, done, text + length);
    return !out->failed;
}

static void XMLCALL refuse_type(void *parser, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                                int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    XML_StopParser(parser, XML_FALSE);
}

bool xml_is_sound(const char *text, size_t length)
{
    XML_Parser parser = length < 256 * 1024 * 1024 ? XML_ParserCreateNS("UTF-8", '\n') : NULL;

    if (!parser)
        return false;
    XML_UseParserAsHandlerArg(parser);
    XML_SetStartDoctypeDeclHandler(parser, refuse_type);

    bool sound = XML_Parse(parser, text, (int)length, XML_TRUE) == XML_STATUS_OK;

    XML_ParserFree(parser);
    return sound;
}
