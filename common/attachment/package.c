/* package.c: a zip file is read from its end: the end record, then one header for each member. */
#include "attachment/package.h"

#include <stdlib.h>
#include <string.h>

enum {
    END_SIZE = 22,
    LONGEST_COMMENT = 65535,
    HEADER_SIZE = 46, /* of a member in the directory */
    LOCAL_SIZE = 30,  /* of a member before its bytes */
    MOST_MEMBERS = 4096,
    LONGEST_NAME = 1024,
    METHOD_STORED = 0,
    FLAG_ENCRYPTED = 1,
    FLAG_SIZE_FOLLOWS = 8,
};

struct directory {
    uint64_t at, size;
    unsigned members;
};

struct member {
    unsigned flags, method;
    uint64_t size, local;
    char name[LONGEST_NAME + 1];
};

static unsigned number2(const unsigned char *bytes)
{
    return bytes[0] | (unsigned)bytes[1] << 8;
}

static uint64_t number4(const unsigned char *bytes)
{
    return number2(bytes) | (uint64_t)number2(bytes + 2) << 16;
}

static bool read_at(const struct byte_source *source, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    return source->read(source->context, at, length, ret_bytes);
}

/* The place of the end record, whose comment reaches the file's end exactly; *ret_found false: there is none. */
static bool find_end(const struct byte_source *source, bool *ret_found, uint64_t *ret_at)
{
    size_t length = source->size < END_SIZE + LONGEST_COMMENT ? (size_t)source->size : END_SIZE + LONGEST_COMMENT;
    unsigned char *tail = length >= END_SIZE ? malloc(length) : NULL;

    *ret_found = false;
    if (length < END_SIZE)
        return true;
    if (!tail || !read_at(source, source->size - length, length, tail)) {
        free(tail);
        return false;
    }
    for (size_t i = length - END_SIZE + 1; i-- > 0 && !*ret_found;) {
        *ret_found = memcmp(tail + i, "PK\5\6", 4) == 0 && i + END_SIZE + number2(tail + i + 20) == length;
        *ret_at = source->size - length + i;
    }
    free(tail);
    return true;
}

bool package_ends(const struct byte_source *source, bool *ret_ends)
{
    uint64_t at;

    return find_end(source, ret_ends, &at);
}

/* *ret_sound false: the end record doesn't fit the file. */
static bool find_directory(const struct byte_source *source, bool *ret_sound, struct directory *ret_directory)
{
    unsigned char end[END_SIZE];
    uint64_t at = 0;

    if (!find_end(source, ret_sound, &at) || (*ret_sound && !read_at(source, at, END_SIZE, end)))
        return false;
    if (!*ret_sound)
        return true;
    *ret_directory =
        (struct directory){.at = number4(end + 16), .size = number4(end + 12), .members = number2(end + 10)};
    *ret_sound = number2(end + 4) == 0 && number2(end + 6) == 0 && number2(end + 8) == ret_directory->members &&
                 ret_directory->members > 0 && ret_directory->members <= MOST_MEMBERS &&
                 ret_directory->at + ret_directory->size == at;
    return true;
}

/* Reads the member whose header stands at *at and moves on; *ret_sound false: it isn't well formed. */
static bool next_member(const struct byte_source *source, const struct directory *directory, uint64_t *at,
                        bool *ret_sound, struct member *ret_member)
{
    unsigned char header[HEADER_SIZE];
    uint64_t end = directory->at + directory->size;

    *ret_sound = *at + HEADER_SIZE <= end;
    if (!*ret_sound)
        return true;
    if (!read_at(source, *at, HEADER_SIZE, header))
        return false;

    size_t name_length = number2(header + 28);
    uint64_t length = HEADER_SIZE + name_length + number2(header + 30) + number2(header + 32);

    *ret_member = (struct member){.flags = number2(header + 8),
                                  .method = number2(header + 10),
                                  .size = number4(header + 20),
                                  .local = number4(header + 42)};
    *ret_sound = memcmp(header, "PK\1\2", 4) == 0 && name_length > 0 && name_length <= LONGEST_NAME &&
                 *at + length <= end && ret_member->local + LOCAL_SIZE + name_length <= directory->at;
    if (!*ret_sound)
        return true;
    if (!read_at(source, *at + HEADER_SIZE, name_length, (unsigned char *)ret_member->name))
        return false;
    *ret_sound = memchr(ret_member->name, '\0', name_length) == NULL;
    *at += length;
    return true;
}

static bool is_lawful_name(const char *name)
{
    if (*name == '/' || strchr(name, '\\'))
        return false;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return false;
    }
    return true;
}

/* The first bytes of a stored member. *ret_length may be less than `most`. */
static bool read_stored(const struct byte_source *source, const struct directory *directory,
                        const struct member *member, size_t most, unsigned char *ret_bytes, size_t *ret_length)
{
    unsigned char local[LOCAL_SIZE];

    *ret_length = 0;
    if (!read_at(source, member->local, LOCAL_SIZE, local))
        return false;

    uint64_t at = member->local + LOCAL_SIZE + number2(local + 26) + number2(local + 28);

    if (memcmp(local, "PK\3\4", 4) != 0 || at + member->size > directory->at)
        return true;
    *ret_length = member->size < most ? (size_t)member->size : most;
    return *ret_length == 0 || read_at(source, at, *ret_length, ret_bytes);
}

/* An encrypted member of ODF is stored, not deflated (ODF 1.3 part 2, 4.3), and then doesn't begin as XML does. */
static bool look_at_content(const struct byte_source *source, const struct directory *directory,
                            const struct member *member, struct package *package)
{
    unsigned char first[4];
    size_t length;

    package->has_content = true;
    if (member->method != METHOD_STORED)
        return true;
    if (!read_stored(source, directory, member, sizeof first, first, &length))
        return false;
    package->encrypted =
        package->encrypted || !(length == sizeof first && (first[0] == '<' || memcmp(first, "\xef\xbb\xbf<", 4) == 0));
    return true;
}

/* ODF: the first member is called mimetype and is stored as it is, so that its words stand at a known place. */
static bool look_at_kind(const struct byte_source *source, const struct directory *directory,
                         const struct member *member, struct package *package)
{
    unsigned char kind[PACKAGE_KIND_SIZE];
    size_t length;

    if (member->local != 0 || member->method != METHOD_STORED || (member->flags & FLAG_SIZE_FOLLOWS) ||
        member->size >= sizeof kind)
        return true;
    if (!read_stored(source, directory, member, sizeof kind, kind, &length))
        return false;
    memcpy(package->kind, kind, length);
    package->kind[length] = '\0';
    return true;
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool ends(const char *text, const char *ending)
{
    size_t length = strlen(text), ending_length = strlen(ending);

    return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

static bool look_at(const struct byte_source *source, const struct directory *directory, const struct member *member,
                    struct package *package)
{
    const struct {
        const char *name;
        bool *flag;
    } known[] = {
        {"META-INF/manifest.xml", &package->has_manifest}, {"[Content_Types].xml", &package->has_content_types},
        {"word/document.xml", &package->has_word},         {"xl/workbook.xml", &package->has_sheet},
        {"ppt/presentation.xml", &package->has_slides},    {"encrypted-package", &package->encrypted}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(member->name, known[i].name) == 0)
            *known[i].flag = true;
    if (member->flags & FLAG_ENCRYPTED)
        package->encrypted = true;
    if (begins(member->name, "Basic/") || begins(member->name, "Scripts/") || ends(member->name, "/vbaProject.bin"))
        package->macros = true;
    if (strcmp(member->name, "content.xml") == 0)
        return look_at_content(source, directory, member, package);
    if (strcmp(member->name, "mimetype") == 0)
        return look_at_kind(source, directory, member, package);
    return true;
}

bool package_read(const struct byte_source *source, enum problem *ret_problem, struct package *ret_package)
{
    struct directory directory;
    struct member member;
    bool sound;

    *ret_problem = PROBLEM_attachment_damaged;
    *ret_package = (struct package){0};
    if (!find_directory(source, &sound, &directory))
        return false;
    if (!sound)
        return true;

    uint64_t at = directory.at;

    for (unsigned i = 0; i < directory.members; i++) {
        if (!next_member(source, &directory, &at, &sound, &member))
            return false;
        if (!sound || !is_lawful_name(member.name))
            return true;
        if (!look_at(source, &directory, &member, ret_package))
            return false;
    }
    if (at == directory.at + directory.size)
        *ret_problem = PROBLEM_NONE;
    return true;
}
