/* archive.c: libzip with limits. Everything counted is counted while inflating; what the file says of itself is never
 * believed. */
#include "sheet/archive.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "base/buffer.h"

enum {
    MOST_MEMBERS = 2000,
    MOST_NAME = 1024,
    PIECE = 32 * 1024,
    RATIO_MATTERS = 4 * 1024 * 1024, /* beyond this size; short members of equal bytes shrink to nothing */
    MOST_RATIO = 400,
    MOST_MEMBER = 64 * 1024 * 1024,
    MOST_TOTAL = 96 * 1024 * 1024,
    MOST_MANIFEST = 1024 * 1024,
};

static const struct name no_zip_words = {
    {"這不是試算表檔，或檔案不完整", "this is no spreadsheet file, or it is incomplete"}};
static const struct name damaged_words = {
    {"檔案已損壞或不完整，請重新存檔", "the file is damaged or incomplete; save it again"}};
static const struct name encrypted_words = {{"檔案已加密，請另存為未加密的 .ods 或 .xlsx",
                                             "the file is encrypted; save it as .ods or .xlsx without a password"}};
static const struct name compound_words = {
    {"檔案已加密或為舊版 .xls 格式，請另存為 .ods 或 .xlsx 未加密",
     "the file is encrypted or an old .xls; save it as .ods or .xlsx without a password"}};
static const struct name too_many_members_words = {
    {"檔案內含的項目超過 2,000 個", "the file has more than 2,000 members"}};
static const struct name bad_name_words = {
    {"檔案內含不正確的項目名稱，請重新存檔", "a member of the file has an unlawful name; save the file again"}};
static const struct name twice_words = {
    {"檔案內有重複的項目，請重新存檔", "the file has two members of one name; save it again"}};
static const struct name method_words = {
    {"檔案的壓縮方式不支援，請重新存檔", "the file is compressed in a way not supported; save it again"}};
static const struct name too_large_words = {{"檔案解壓縮後太大", "the file is too large when unpacked"}};
static const struct name missing_words = {
    {"檔案缺少必要的內容，請重新存檔", "the file lacks a part it needs; save it again"}};

struct archive_member {
    const char *name; /* belongs to libzip */
    uint64_t size, compressed;
    bool can_inflate;
};

struct archive {
    zip_t *zip;
    struct archive_member *members;
    size_t member_count;
    uint64_t inflated; /* by all reads so far */
};

static bool begins_with(const char *bytes, size_t length, const char *magic, size_t magic_length)
{
    return length >= magic_length && memcmp(bytes, magic, magic_length) == 0;
}

/* There can't be more members than headers of members; counted first, because libzip makes room for all of them. */
static bool has_too_many_members(const char *bytes, size_t length)
{
    static const char signature[] = "PK\1\2";
    const char *end = bytes + length, *at = bytes;

    for (size_t count = 0; (at = memmem(at, (size_t)(end - at), signature, 4)); at += 4)
        if (++count > MOST_MEMBERS)
            return true;
    return false;
}

static bool is_lawful_name(const char *name)
{
    if (*name == '\0' || *name == '/' || strnlen(name, MOST_NAME + 1) > MOST_NAME || strchr(name, '\\'))
        return false;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return false;
    }
    return true;
}

static enum archive_outcome list_member(struct archive *archive, size_t index, const struct name **ret_refusal)
{
    struct archive_member *member = &archive->members[index];
    zip_stat_t stat;

    member->name = zip_get_name(archive->zip, index, ZIP_FL_ENC_GUESS);
    if (!member->name || zip_stat_index(archive->zip, index, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
        !(stat.valid & ZIP_STAT_COMP_SIZE) || !(stat.valid & ZIP_STAT_COMP_METHOD)) {
        *ret_refusal = &damaged_words;
        return ARCHIVE_REFUSED;
    }
    if (!is_lawful_name(member->name)) {
        *ret_refusal = &bad_name_words;
        return ARCHIVE_REFUSED;
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
        *ret_refusal = &encrypted_words;
        return ARCHIVE_REFUSED;
    }
    member->size = stat.size;
    member->compressed = stat.comp_size;
    member->can_inflate = stat.comp_method == ZIP_CM_STORE || stat.comp_method == ZIP_CM_DEFLATE;
    return ARCHIVE_GOOD;
}

static int compare_names(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two members of one name: programs differ in which of them they show. */
static enum archive_outcome check_names(const struct archive *archive, const struct name **ret_refusal)
{
    const char **names = calloc(archive->member_count + 1, sizeof *names);
    enum archive_outcome outcome = ARCHIVE_GOOD;

    if (!names)
        return ARCHIVE_OUT_OF_MEMORY;
    for (size_t i = 0; i < archive->member_count; i++)
        names[i] = archive->members[i].name;
    qsort(names, archive->member_count, sizeof *names, compare_names);
    for (size_t i = 1; i < archive->member_count; i++) {
        if (strcasecmp(names[i - 1], names[i]) == 0) {
            *ret_refusal = &twice_words;
            outcome = ARCHIVE_REFUSED;
        }
    }
    free(names);
    return outcome;
}

static enum archive_outcome list_members(struct archive *archive, const struct name **ret_refusal)
{
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);

    if (count < 0 || count > MOST_MEMBERS) {
        *ret_refusal = &too_many_members_words;
        return ARCHIVE_REFUSED;
    }
    archive->members = calloc((size_t)count + 1, sizeof *archive->members);
    if (!archive->members)
        return ARCHIVE_OUT_OF_MEMORY;
    for (; archive->member_count < (size_t)count; archive->member_count++) {
        enum archive_outcome outcome = list_member(archive, archive->member_count, ret_refusal);

        if (outcome != ARCHIVE_GOOD)
            return outcome;
    }
    return check_names(archive, ret_refusal);
}

static enum archive_outcome open_zip(const char *bytes, size_t length, zip_t **ret_zip, const struct name **ret_refusal)
{
    zip_error_t error;
    zip_source_t *source;

    zip_error_init(&error);
    source = zip_source_buffer_create(bytes, length, 0, &error);
    *ret_zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;

    int code = zip_error_code_zip(&error);

    zip_error_fini(&error);
    if (*ret_zip)
        return ARCHIVE_GOOD;
    zip_source_free(source);
    *ret_refusal = code == ZIP_ER_NOZIP ? &no_zip_words : &damaged_words;
    return code == ZIP_ER_MEMORY ? ARCHIVE_OUT_OF_MEMORY : ARCHIVE_REFUSED;
}

/* ODF encrypts the members one by one and says so in its manifest. */
static enum archive_outcome check_manifest(struct archive *archive, const struct name **ret_refusal)
{
    static const char manifest[] = "META-INF/manifest.xml", sign[] = ":encryption-data";
    struct arena *arena = arena_new((size_t)MOST_MANIFEST * 4);
    const char *text = "";
    size_t length = 0;
    enum archive_outcome outcome = arena ? ARCHIVE_GOOD : ARCHIVE_OUT_OF_MEMORY;

    if (arena && archive_has(archive, manifest))
        outcome = archive_read(archive, manifest, MOST_MANIFEST, arena, &text, &length, ret_refusal);
    if (outcome == ARCHIVE_GOOD && memmem(text, length, sign, sizeof sign - 1)) {
        *ret_refusal = &encrypted_words;
        outcome = ARCHIVE_REFUSED;
    }
    arena_free(arena);
    return outcome;
}

enum archive_outcome archive_open(const char *bytes, size_t length, struct archive **ret_archive,
                                  const struct name **ret_refusal)
{
    struct archive *archive;
    enum archive_outcome outcome;

    if (begins_with(bytes, length, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8)) {
        *ret_refusal = &compound_words;
        return ARCHIVE_REFUSED;
    }
    if (has_too_many_members(bytes, length)) {
        *ret_refusal = &too_many_members_words;
        return ARCHIVE_REFUSED;
    }
    archive = calloc(1, sizeof *archive);
    if (!archive)
        return ARCHIVE_OUT_OF_MEMORY;
    outcome = open_zip(bytes, length, &archive->zip, ret_refusal);
    if (outcome == ARCHIVE_GOOD)
        outcome = list_members(archive, ret_refusal);
    if (outcome == ARCHIVE_GOOD)
        outcome = check_manifest(archive, ret_refusal);
    if (outcome == ARCHIVE_GOOD)
        *ret_archive = archive;
    else
        archive_close(archive);
    return outcome;
}

void archive_close(struct archive *archive)
{
    if (!archive)
        return;
    if (archive->zip)
        zip_discard(archive->zip);
    free(archive->members);
    free(archive);
}

size_t archive_member_count(const struct archive *archive)
{
    return archive->member_count;
}

const char *archive_member_name(const struct archive *archive, size_t index)
{
    return archive->members[index].name;
}

uint64_t archive_member_size(const struct archive *archive, size_t index)
{
    return archive->members[index].size;
}

/* The index of the member, the count of members if there is none. */
static size_t find_member(const struct archive *archive, const char *name)
{
    size_t i = 0;

    while (i < archive->member_count && strcasecmp(archive->members[i].name, name) != 0)
        i++;
    return i;
}

bool archive_has(const struct archive *archive, const char *name)
{
    return find_member(archive, name) < archive->member_count;
}

/* Whether a member that has given `size` bytes so far may give them. */
static bool is_within_limits(const struct archive *archive, const struct archive_member *member, uint64_t size)
{
    return size <= MOST_MEMBER && archive->inflated <= MOST_TOTAL &&
           (size <= RATIO_MATTERS || size / MOST_RATIO <= member->compressed);
}

static enum archive_outcome inflate_pieces(struct archive *archive, const struct archive_member *member,
                                           zip_file_t *file, archive_receiver *receive, void *context,
                                           const struct name **ret_refusal)
{
    char *piece = malloc(PIECE);
    enum archive_outcome outcome = piece ? ARCHIVE_GOOD : ARCHIVE_OUT_OF_MEMORY;
    uint64_t size = 0;
    zip_int64_t count = 0;

    while (outcome == ARCHIVE_GOOD && (count = zip_fread(file, piece, PIECE)) > 0) {
        size += (uint64_t)count;
        archive->inflated += (uint64_t)count;
        if (!is_within_limits(archive, member, size)) {
            *ret_refusal = &too_large_words;
            outcome = ARCHIVE_REFUSED;
        } else if (!receive(context, piece, (size_t)count)) {
            outcome = ARCHIVE_STOPPED;
        }
    }
    free(piece);
    if (count >= 0 && (outcome != ARCHIVE_GOOD || size == member->size))
        return outcome;
    *ret_refusal = &damaged_words;
    if (count >= 0)
        return ARCHIVE_REFUSED; /* it isn't what the directory says */
    return zip_error_code_zip(zip_file_get_error(file)) == ZIP_ER_MEMORY ? ARCHIVE_OUT_OF_MEMORY : ARCHIVE_REFUSED;
}

enum archive_outcome archive_stream(struct archive *archive, const char *name, archive_receiver *receive, void *context,
                                    const struct name **ret_refusal)
{
    size_t index = find_member(archive, name);

    if (index == archive->member_count) {
        *ret_refusal = &missing_words;
        return ARCHIVE_REFUSED;
    }
    if (!archive->members[index].can_inflate) {
        *ret_refusal = &method_words;
        return ARCHIVE_REFUSED;
    }

    zip_file_t *file = zip_fopen_index(archive->zip, index, 0);

    if (!file) {
        *ret_refusal = &damaged_words;
        return zip_error_code_zip(zip_get_error(archive->zip)) == ZIP_ER_MEMORY ? ARCHIVE_OUT_OF_MEMORY
                                                                                : ARCHIVE_REFUSED;
    }

    enum archive_outcome outcome =
        inflate_pieces(archive, &archive->members[index], file, receive, context, ret_refusal);

    zip_fclose(file);
    return outcome;
}

static bool append_piece(void *context, const char *bytes, size_t count)
{
    return buffer_append(context, bytes, count);
}

enum archive_outcome archive_read(struct archive *archive, const char *name, size_t most, struct arena *arena,
                                  const char **ret_text, size_t *ret_length, const struct name **ret_refusal)
{
    struct buffer text = BUFFER_WITH_LIMIT(most);
    enum archive_outcome outcome = archive_stream(archive, name, append_piece, &text, ret_refusal);
    const char *copy = outcome == ARCHIVE_GOOD ? arena_copy(arena, text.data ? text.data : "", text.length) : NULL;

    if (outcome == ARCHIVE_STOPPED) {
        *ret_refusal = &too_large_words;
        outcome = ARCHIVE_REFUSED;
    }
    if (outcome == ARCHIVE_GOOD && !copy)
        outcome = ARCHIVE_OUT_OF_MEMORY;
    if (outcome == ARCHIVE_GOOD) {
        *ret_text = copy;
        *ret_length = text.length;
    }
    buffer_free(&text);
    return outcome;
}
