/* xml_text.c: running through tags, attributes and children of an XML text by its bytes. */
#include "sheet/xml_text.h"

#include <stdint.h>
#include <string.h>

#include "sheet/xml_text_inside.h"

enum { LONGEST_ENTITY = 12 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind the next `mark`, or NULL. */
static const char *behind(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));

    return found ? found + strlen(mark) : NULL;
}

static bool begins(const char *at, const char *end, const char *mark)
{
    return (size_t)(end - at) >= strlen(mark) && memcmp(at, mark, strlen(mark)) == 0;
}

/* Behind a comment, an instruction, CDATA or a declaration that begins here; NULL if it doesn't end. */
static const char *skip_other(const char *at, const char *end)
{
    if (begins(at, end, "<!--"))
        return behind(at + 4, end, "-->");
    if (begins(at, end, "<![CDATA["))
        return behind(at + 9, end, "]]>");
    return behind(at, end, at[1] == '?' ? "?>" : ">");
}

/* Behind the '>' that ends a tag, which may stand in quotes before; NULL if there is none. */
static const char *tag_end(const char *at, const char *end)
{
    for (; at < end && *at != '>'; at++) {
        if (*at != '"' && *at != '\'')
            continue;
        at = memchr(at + 1, *at, (size_t)(end - at - 1));
        if (!at)
            return NULL;
    }
    return at < end ? at + 1 : NULL;
}

bool xml_next(struct xml_scan *scan, struct xml_tag *ret_tag)
{
    const char *at = scan->at;

    while (at && at < scan->end && (at = memchr(at, '<', (size_t)(scan->end - at)))) {
        if (scan->end - at < 3)
            break;
        if (at[1] == '!' || at[1] == '?') {
            at = skip_other(at, scan->end);
            continue;
        }

        bool closes = at[1] == '/';
        const char *end = tag_end(at, scan->end);
        struct xml_tag tag = {.start = at, .end = end, .name = at + 1 + closes};

        if (!end)
            break;
        while (tag.name + tag.name_length < end - 1 && tag.name[tag.name_length] != '/' &&
               !is_space(tag.name[tag.name_length]))
            tag.name_length++;
        tag.kind = closes ? XML_CLOSE : end[-2] == '/' ? XML_EMPTY : XML_OPEN;
        scan->at = end;
        *ret_tag = tag;
        return true;
    }
    scan->at = scan->end;
    return false;
}

const char *xml_skip(struct xml_scan *scan, const struct xml_tag *tag)
{
    struct xml_tag inner;
    size_t depth = 1;

    if (tag->kind != XML_OPEN)
        return tag->end;
    while (depth > 0 && xml_next(scan, &inner)) {
        depth += inner.kind == XML_OPEN;
        depth -= inner.kind == XML_CLOSE;
    }
    return scan->at;
}

bool xml_next_child(struct xml_scan *scan, struct xml_tag *ret_tag, struct xml_range *ret_range)
{
    if (!xml_next(scan, ret_tag) || ret_tag->kind == XML_CLOSE)
        return false;
    *ret_range = (struct xml_range){ret_tag->start, xml_skip(scan, ret_tag)};
    return true;
}

struct xml_range xml_content(const struct xml_tag *tag, struct xml_range element)
{
    struct xml_range content = {tag->end, element.end};

    if (tag->kind != XML_OPEN)
        return (struct xml_range){tag->end, tag->end};
    while (content.end > content.start && *--content.end != '<')
        continue;
    return content;
}

bool xml_is(const struct xml_tag *tag, const char *prefix, const char *local)
{
    size_t before = prefix ? strlen(prefix) : 0, length = strlen(local);

    return prefix && tag->name_length == before + length && memcmp(tag->name, prefix, before) == 0 &&
           memcmp(tag->name + before, local, length) == 0;
}

bool xml_next_attribute(const struct xml_tag *tag, const char **at, struct xml_attribute *ret_attribute)
{
    const char *end = tag->end - 1, *here = *at;
    struct xml_attribute attribute = {0};

    while (here < end && (is_space(*here) || *here == '/'))
        here++;
    attribute.start = attribute.name = here;
    while (here < end && !is_space(*here) && *here != '=')
        here++;
    attribute.name_length = (size_t)(here - attribute.name);
    while (here < end && (is_space(*here) || *here == '='))
        here++;
    if (here >= end || (*here != '"' && *here != '\''))
        return false;
    attribute.value = here + 1;
    here = memchr(attribute.value, *here, (size_t)(end - attribute.value));
    if (!here)
        return false;
    attribute.value_length = (size_t)(here - attribute.value);
    *at = attribute.end = here + 1;
    *ret_attribute = attribute;
    return true;
}

bool xml_is_attribute(const struct xml_attribute *attribute, const char *prefix, const char *local)
{
    return xml_is(&(struct xml_tag){.name = attribute->name, .name_length = attribute->name_length}, prefix, local);
}

bool xml_find(const struct xml_tag *tag, const char *prefix, const char *local, struct xml_attribute *ret_attribute)
{
    const char *at = tag->name + tag->name_length;
    struct xml_attribute attribute;

    while (xml_next_attribute(tag, &at, &attribute)) {
        if (xml_is_attribute(&attribute, prefix, local)) {
            *ret_attribute = attribute;
            return true;
        }
    }
    return false;
}

size_t xml_number(const struct xml_tag *tag, const char *prefix, const char *local, size_t otherwise)
{
    struct xml_attribute attribute;
    size_t number = 0;

    if (!xml_find(tag, prefix, local, &attribute) || attribute.value_length == 0 || attribute.value_length > 9)
        return otherwise;
    for (size_t i = 0; i < attribute.value_length; i++) {
        if (attribute.value[i] < '0' || attribute.value[i] > '9')
            return otherwise;
        number = number * 10 + (size_t)(attribute.value[i] - '0');
    }
    return number;
}

bool xml_flag(const struct xml_tag *tag, const char *prefix, const char *local)
{
    struct xml_attribute attribute;

    return xml_find(tag, prefix, local, &attribute) &&
           ((attribute.value_length == 1 && *attribute.value == '1') ||
            (attribute.value_length == 4 && memcmp(attribute.value, "true", 4) == 0));
}

static size_t utf8_encode(unsigned long c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00 >> length & 0xff) | c);
    return length;
}

/* The character that an entity stands for; 0 if it is none. */
static unsigned long entity(const char *name, size_t length)
{
    static const struct {
        const char *name;
        char character;
    } named[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    bool hex = length > 1 && name[1] == 'x';
    unsigned long c = 0;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == length && memcmp(named[i].name, name, length) == 0)
            return (unsigned char)named[i].character;
    if (length < 2 || name[0] != '#')
        return 0;
    for (size_t i = hex ? 2 : 1; i < length && c < 0x110000; i++) {
        unsigned char digit = (unsigned char)name[i];
        unsigned value = digit >= '0' && digit <= '9'           ? (unsigned)digit - '0'
                         : (digit | 0x20) >= 'a' && digit < 'g' ? (digit | 0x20u) - 'a' + 10
                                                                : 99;

        if (value >= (hex ? 16 : 10))
            return 0;
        c = c * (hex ? 16 : 10) + value;
    }
    return c >= 0x110000 || (c >= 0xd800 && c < 0xe000) ? 0 : c;
}

const char *xml_text(struct arena *arena, const struct xml_tag *tag, const char *prefix, const char *local)
{
    struct xml_attribute attribute;
    char *text = xml_find(tag, prefix, local, &attribute) ? arena_alloc(arena, attribute.value_length + 1) : NULL;
    size_t length = 0;

    for (size_t i = 0; text && i < attribute.value_length; i++) {
        const char *here = attribute.value + i;
        size_t left = attribute.value_length - i;
        const char *end = *here == '&' ? memchr(here, ';', left < LONGEST_ENTITY ? left : LONGEST_ENTITY) : NULL;
        unsigned long c = end ? entity(here + 1, (size_t)(end - here) - 1) : 0;

        if (c) {
            length += utf8_encode(c, text + length); /* never longer than the entity */
            i += (size_t)(end - here);
        } else {
            text[length++] = *here;
        }
    }
    return text;
}

const char *xml_plain(struct arena *arena, struct xml_range range, size_t *ret_length)
{
    char *text = arena_alloc(arena, (size_t)(range.end - range.start) + 1);
    struct xml_scan scan = {range.start, range.end};
    const char *done = range.start;
    size_t length = 0;
    struct xml_tag tag = {.start = range.end, .end = range.end};

    while (text && done < range.end) {
        const char *end = xml_next(&scan, &tag) ? tag.start : range.end;

        memcpy(text + length, done, (size_t)(end - done));
        length += (size_t)(end - done);
        done = end == range.end ? end : tag.end;
    }
    *ret_length = length;
    return text;
}

const char *xml_prefix(struct arena *arena, const struct xml_tag *tag, const char *ending)
{
    const char *at = tag->name + tag->name_length;
    size_t length = strlen(ending);
    struct xml_attribute attribute;

    while (xml_next_attribute(tag, &at, &attribute)) {
        bool declares = attribute.value_length >= length && attribute.name_length >= 5 &&
                        memcmp(attribute.name, "xmlns", 5) == 0 &&
                        memcmp(attribute.value + attribute.value_length - length, ending, length) == 0;

        if (declares && attribute.name_length == 5)
            return "";
        if (declares && attribute.name[5] == ':')
            return arena_format(arena, "%.*s:", (int)(attribute.name_length - 6), attribute.name + 6);
    }
    return NULL;
}

const char *xml_own_prefix(struct arena *arena, const struct xml_tag *tag)
{
    const char *colon = memchr(tag->name, ':', tag->name_length);

    return colon ? arena_copy(arena, tag->name, (size_t)(colon - tag->name) + 1) : "";
}
