/* xml.c: expat with limits. Expat keeps every name it meets and gathers each tag whole, so a file of many names or of one
 * endless tag would fill the memory or be scanned over and over: what it may allocate is counted, and so are the bytes
 * for which it has nothing to say. */
#include "sheet/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEPARATOR = 1, /* between namespace and name; no character of XML */
    MOST_DEPTH = 128,
    MOST_SILENCE = 256 * 1024, /* bytes of one tag or comment */
    MOST_MEMORY = 8 * 1024 * 1024,
    PIECE = 32 * 1024,
};

static const struct name malformed_words = {
    {"檔案內容不完整或已損壞，請重新存檔", "the content of the file is incomplete or damaged; save it again"}};
static const struct name declaration_words = {
    {"檔案含有不允許的宣告（DOCTYPE），請重新存檔",
     "the file holds a declaration (DOCTYPE) that isn't allowed; save it again"}};
static const struct name deep_words = {{"檔案內容的層次太深", "the content of the file is nested too deep"}};
static const struct name complicated_words = {{"檔案內容太複雜", "the content of the file is too complicated"}};

struct xml {
    XML_Parser parser;
    const struct xml_reading *reading;
    void *context;
    size_t depth, silence, memory;
    bool stopped, too_much_memory;
    const struct name *refusal;
};

/* Expat's allocator is told nothing but sizes; this is whose they are. Set whenever expat is called. */
static _Thread_local struct xml *current;

/* What is before each allocation; keeps what follows aligned for any type. */
struct allocation {
    _Alignas(max_align_t) size_t size;
};

static bool may_allocate(size_t size, size_t instead_of)
{
    if (size <= MOST_MEMORY && current->memory - instead_of + size <= MOST_MEMORY)
        return true;
    current->too_much_memory = true;
    return false;
}

static void *resize(void *memory, size_t size)
{
    struct allocation *former = memory ? (struct allocation *)memory - 1 : NULL, *allocation;
    size_t before = former ? former->size : 0;

    if (!may_allocate(size, before))
        return NULL;
    allocation = realloc(former, sizeof *allocation + size);
    if (!allocation)
        return NULL;
    current->memory += size - before;
    allocation->size = size;
    return allocation + 1;
}

static void *allocate(size_t size)
{
    return resize(NULL, size);
}

static void release(void *memory)
{
    if (!memory)
        return;
    current->memory -= ((struct allocation *)memory - 1)->size;
    free((struct allocation *)memory - 1);
}

static void stop(struct xml *xml, const struct name *refusal)
{
    xml->refusal = refusal;
    xml->stopped = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static struct xml_name split_name(const struct xml_space *spaces, const char *name)
{
    const char *end = strchr(name, SEPARATOR);

    if (!end)
        return (struct xml_name){.local = name};
    for (; spaces->uri; spaces++)
        if (strncmp(spaces->uri, name, (size_t)(end - name)) == 0 && !spaces->uri[end - name])
            return (struct xml_name){.space = spaces->space, .local = end + 1};
    return (struct xml_name){.local = ""};
}

const char *xml_attribute(const struct xml_attributes *attributes, int space, const char *local)
{
    for (const char *const *at = attributes->raw; *at; at += 2) {
        const char *end = strrchr(*at, SEPARATOR);

        if (strcmp(end ? end + 1 : *at, local) == 0 && (space == 0) == !end &&
            split_name(attributes->spaces, *at).space == space)
            return at[1];
    }
    return NULL;
}

static void on_begin(void *data, const XML_Char *name, const XML_Char **raw)
{
    struct xml *xml = data;
    const struct xml_attributes attributes = {.spaces = xml->reading->spaces, .raw = raw};

    xml->silence = 0;
    if (xml->stopped)
        return;
    if (++xml->depth > MOST_DEPTH)
        stop(xml, &deep_words);
    else if (!xml->reading->begin(xml->context, split_name(attributes.spaces, name), &attributes))
        stop(xml, NULL);
}

static void on_end(void *data, const XML_Char *name)
{
    struct xml *xml = data;

    xml->silence = 0;
    if (xml->stopped)
        return;
    xml->depth--;
    if (!xml->reading->end(xml->context, split_name(xml->reading->spaces, name)))
        stop(xml, NULL);
}

static void on_text(void *data, const XML_Char *bytes, int count)
{
    struct xml *xml = data;

    xml->silence = 0;
    if (!xml->stopped && !xml->reading->text(xml->context, bytes, (size_t)count))
        stop(xml, NULL);
}

/* Comments and processing instructions. */
static void on_other(void *data, const XML_Char *bytes, int count)
{
    (void)bytes;
    (void)count;
    ((struct xml *)data)->silence = 0;
}

/* No spreadsheet program writes one; whoever does wants entities expanded or files fetched. */
static void on_declaration(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public_id,
                           int has_internal)
{
    struct xml *xml = data;

    (void)name;
    (void)system;
    (void)public_id;
    (void)has_internal;
    if (!xml->stopped)
        stop(xml, &declaration_words);
}

static bool open_xml(struct xml *xml)
{
    static const XML_Memory_Handling_Suite counted = {allocate, resize, release};
    static const XML_Char separator[] = {SEPARATOR, '\0'};

    current = xml;
    xml->parser = XML_ParserCreate_MM(NULL, &counted, separator);
    if (!xml->parser)
        return false;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetDefaultHandlerExpand(xml->parser, on_other);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_declaration);
    return true;
}

static void close_xml(struct xml *xml)
{
    current = xml;
    XML_ParserFree(xml->parser);
    current = NULL;
}

/* Why expat gave up, if it wasn't told to. */
static bool note_fault(struct xml *xml)
{
    if (xml->stopped)
        return false;
    xml->stopped = true;
    if (XML_GetErrorCode(xml->parser) != XML_ERROR_NO_MEMORY)
        xml->refusal = &malformed_words;
    else if (xml->too_much_memory)
        xml->refusal = &complicated_words;
    return false;
}

static bool receive(void *data, const char *bytes, size_t count)
{
    struct xml *xml = data;

    current = xml;
    xml->silence += count;
    if (XML_Parse(xml->parser, bytes, (int)count, XML_FALSE) != XML_STATUS_OK)
        return note_fault(xml);
    if (xml->silence > MOST_SILENCE)
        stop(xml, &complicated_words);
    return !xml->stopped;
}

/* What came of it, given what came of the bytes. */
static enum archive_outcome finish(struct xml *xml, enum archive_outcome outcome, const struct name **ret_refusal)
{
    current = xml;
    if (outcome == ARCHIVE_GOOD && XML_Parse(xml->parser, "", 0, XML_TRUE) != XML_STATUS_OK) {
        note_fault(xml);
        outcome = ARCHIVE_STOPPED;
    }
    if (outcome != ARCHIVE_STOPPED || (!xml->refusal && XML_GetErrorCode(xml->parser) != XML_ERROR_NO_MEMORY))
        return outcome;
    if (!xml->refusal)
        return ARCHIVE_OUT_OF_MEMORY;
    *ret_refusal = xml->refusal;
    return ARCHIVE_REFUSED;
}

enum archive_outcome xml_read_member(struct archive *archive, const char *name, const struct xml_reading *reading,
                                     void *context, const struct name **ret_refusal)
{
    struct xml xml = {.reading = reading, .context = context};
    enum archive_outcome outcome = ARCHIVE_OUT_OF_MEMORY;

    if (open_xml(&xml)) {
        outcome = archive_stream(archive, name, receive, &xml, ret_refusal);
        outcome = finish(&xml, outcome, ret_refusal);
    }
    close_xml(&xml);
    return outcome;
}

enum archive_outcome xml_read_bytes(const char *bytes, size_t length, const struct xml_reading *reading, void *context,
                                    const struct name **ret_refusal)
{
    struct xml xml = {.reading = reading, .context = context};
    enum archive_outcome outcome = ARCHIVE_OUT_OF_MEMORY;

    if (open_xml(&xml)) {
        outcome = ARCHIVE_GOOD;
        for (size_t at = 0; at < length && outcome == ARCHIVE_GOOD; at += PIECE)
            if (!receive(&xml, bytes + at, length - at < PIECE ? length - at : PIECE))
                outcome = ARCHIVE_STOPPED;
        outcome = finish(&xml, outcome, ret_refusal);
    }
    close_xml(&xml);
    return outcome;
}
