/* attachment_type.c: what kind of file it is, by its content; and what it is called. */
#include "attachment/name.h"
#include "attachment/type.h"
#include "base/buffer.h"
#include "unit/common_support.h"

enum { MOST = 256 * 1024, MEMORY = 1024 * 1024 };

#define ODT        "application/vnd.oasis.opendocument.text"
#define PDF_HEAD   "%PDF-1.7\n1 0 obj<<>>endobj\n"
#define PDF        PDF_HEAD "startxref\n0\n%%EOF\n"
#define PNG_HEAD   "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
#define PNG_SIZE   "\0\0\0\x03\0\0\0\x02"
#define PNG_END    "\0\0\0\0IEND\xae\x42\x60\x82"
#define PNG        PNG_HEAD PNG_SIZE "\x08\x02\0\0\0crc." PNG_END
#define JPEG_HEAD  "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define JPEG_FRAME "\xff\xc0\0\x0b\x08\0\x03\0\x04\1\1\x11\0"
#define JPEG_SCAN  "\xff\xda\0\x08\1\1\0\0\x3f\0 the picture"
#define JPEG       JPEG_HEAD JPEG_FRAME JPEG_SCAN "\xff\xd9"

struct bytes {
    const char *bytes;
    size_t length;
};

static bool read_bytes(void *context, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    const struct bytes *bytes = context;

    cr_assert_leq(at + length, bytes->length, "read beyond the end");
    memcpy(ret_bytes, bytes->bytes + at, length);
    return true;
}

static enum problem judge(const char *bytes, size_t length, const struct attachment_type **ret_type)
{
    struct bytes all = {bytes, length};
    struct byte_source source = {.size = length, .read = read_bytes, .context = &all};
    enum problem problem = PROBLEM_internal;

    cr_assert(attachment_judge(&source, &problem, ret_type));
    return problem;
}

#define CASE(text, problem, type)                                                                                      \
    {                                                                                                                  \
        {text, sizeof(text) - 1}, PROBLEM_##problem, type                                                              \
    }

static const struct {
    struct bytes file;
    enum problem problem;
    const char *media_type;
} plain_files[] = {
    CASE(PDF, NONE, "application/pdf"),
    CASE("%PDF-2.0\n%%EOF", NONE, "application/pdf"),
    CASE(PNG, NONE, "image/png"),
    CASE(JPEG, NONE, "image/jpeg"),
    CASE(JPEG_HEAD JPEG_FRAME "\xff" JPEG_SCAN "\xff\xd9", NONE, "image/jpeg"), /* a fill byte before a marker */
    CASE(JPEG "what a camera appends", NONE, "image/jpeg"),
    CASE("", attachment_empty, NULL),
    CASE("%", attachment_type_refused, NULL),
    CASE("%PDF", attachment_type_refused, NULL),
    CASE("%PDF-", attachment_damaged, NULL),
    CASE("%PDF-9.9\n%%EOF", attachment_damaged, NULL),
    CASE(PDF_HEAD, attachment_damaged, NULL),
    CASE(" " PDF, attachment_type_refused, NULL),
    CASE("<html>" PDF, attachment_type_refused, NULL),
    CASE(PNG_HEAD, attachment_damaged, NULL),
    CASE(PNG_HEAD "\0\0\0\0\0\0\0\x02\x08\x02\0\0\0crc." PNG_END, attachment_damaged, NULL),
    CASE(PNG_HEAD "\xff\0\0\0\0\0\0\x02\x08\x02\0\0\0crc." PNG_END, attachment_damaged, NULL),
    CASE(PNG "<script>", attachment_damaged, NULL),
    CASE("\x89PNG\r\n\x1a\n", attachment_damaged, NULL),
    CASE("\xff\xd8\xff", attachment_damaged, NULL),
    CASE(JPEG_HEAD JPEG_FRAME JPEG_SCAN, attachment_damaged, NULL),
    CASE(JPEG_HEAD JPEG_SCAN "\xff\xd9", attachment_damaged, NULL),
    CASE(JPEG_HEAD "\xff\xc0\0\x0b\x08\0\0\0\x04\1\1\x11\0" JPEG_SCAN "\xff\xd9", attachment_damaged, NULL),
    CASE(JPEG_HEAD "\xff\xc4\0\x0b\x08\0\x03\0\x04\1\1\x11\0" JPEG_SCAN "\xff\xd9", attachment_damaged, NULL),
    CASE(JPEG_HEAD "\xff\xc0\0\1\x08\0\x03\0\x04\1\1\x11\0" JPEG_SCAN "\xff\xd9", attachment_damaged, NULL),
    CASE("<!DOCTYPE html><script>1</script>", attachment_type_refused, NULL),
    CASE("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", attachment_type_refused, NULL),
    CASE("#!/bin/sh\nexit 0\n", attachment_type_refused, NULL),
    CASE("MZ\x90\0\3\0\0\0", attachment_type_refused, NULL),
    CASE("\x7f"
         "ELF\2\1\1",
         attachment_type_refused, NULL),
    CASE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", attachment_type_refused, NULL),
    CASE("GIF89a\1\0\1\0", attachment_type_refused, NULL),
    CASE("PK\3\4", attachment_damaged, NULL),
    CASE("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", attachment_type_refused, NULL),
};

Test(attachment_type, files_are_told_by_their_content)
{
    for (size_t i = 0; i < COUNT(plain_files); i++) {
        const struct attachment_type *type = NULL;
        enum problem problem = judge(plain_files[i].file.bytes, plain_files[i].file.length, &type);

        cr_expect_eq(problem, plain_files[i].problem, "%zu: %s", i, problem_entry(problem)->code);
        cr_expect_eq(!type, !plain_files[i].media_type, "%zu", i);
        if (type && plain_files[i].media_type)
            cr_expect_str_eq(type->media_type, plain_files[i].media_type);
    }
}

/* ---- packages ---------------------------------------------------------------------------------------------------- */

struct packed_member {
    const char *name, *content;
    bool deflated, encrypted;
};

static void append_number(struct buffer *out, size_t bytes, unsigned long number)
{
    for (; bytes > 0; bytes--, number >>= 8)
        buffer_append_char(out, (char)(number & 0xff));
}

static void append_header(struct buffer *out, const struct packed_member *member, bool in_directory,
                          unsigned long place)
{
    size_t length = strlen(member->content);

    buffer_append(out, in_directory ? "PK\1\2\x14\0\x14\0" : "PK\3\4\x14\0", in_directory ? 8 : 6);
    append_number(out, 2, member->encrypted);
    append_number(out, 2, member->deflated ? 8 : 0);
    append_number(out, 8, 0); /* time, CRC */
    append_number(out, 4, length);
    append_number(out, 4, length);
    append_number(out, 2, strlen(member->name));
    append_number(out, 2, 0);
    if (in_directory) {
        append_number(out, 8, 0); /* comment, disk, attributes */
        append_number(out, 2, 0);
        append_number(out, 4, place);
    }
    buffer_append_text(out, member->name);
}

/* A zip file of these members, which end with a NULL name. */
static struct buffer make_package(const struct packed_member *members)
{
    struct buffer out = BUFFER_WITH_LIMIT(MOST), directory = BUFFER_WITH_LIMIT(MOST);
    size_t count = 0, at;

    for (; members[count].name; count++) {
        append_header(&directory, &members[count], true, out.length);
        append_header(&out, &members[count], false, 0);
        buffer_append_text(&out, members[count].content);
    }
    at = out.length;
    buffer_append(&out, directory.data, directory.length);
    buffer_append(&out, "PK\5\6\0\0\0\0", 8);
    append_number(&out, 2, count);
    append_number(&out, 2, count);
    append_number(&out, 4, directory.length);
    append_number(&out, 4, at);
    append_number(&out, 2, 0);
    cr_assert(!out.failed && !directory.failed);
    buffer_free(&directory);
    return out;
}

#define KIND(kind)                                                                                                     \
    {                                                                                                                  \
        "mimetype", kind, false, false                                                                                 \
    }
#define MANIFEST                                                                                                       \
    {                                                                                                                  \
        "META-INF/manifest.xml", "deflated", true, false                                                               \
    }
#define CONTENT                                                                                                        \
    {                                                                                                                  \
        "content.xml", "deflated", true, false                                                                         \
    }
#define TYPES                                                                                                          \
    {                                                                                                                  \
        "[Content_Types].xml", "deflated", true, false                                                                 \
    }

static const struct {
    struct packed_member members[6];
    enum problem problem;
    const char *extension;
} packages[] = {
    {{KIND(ODT), CONTENT, MANIFEST}, PROBLEM_NONE, "odt"},
    {{KIND("application/vnd.oasis.opendocument.spreadsheet"), CONTENT, MANIFEST}, PROBLEM_NONE, "ods"},
    {{KIND("application/vnd.oasis.opendocument.presentation"), CONTENT, MANIFEST}, PROBLEM_NONE, "odp"},
    {{KIND(ODT), {"content.xml", "<office:document-content/>", false, false}, MANIFEST}, PROBLEM_NONE, "odt"},
    {{TYPES, {"word/document.xml", "x", true, false}}, PROBLEM_NONE, "docx"},
    {{TYPES, {"xl/workbook.xml", "x", true, false}}, PROBLEM_NONE, "xlsx"},
    {{TYPES, {"ppt/presentation.xml", "x", true, false}}, PROBLEM_NONE, "pptx"},
    {{KIND("application/vnd.oasis.opendocument.text-template"), CONTENT, MANIFEST},
     PROBLEM_attachment_type_refused,
     NULL},
    {{KIND("application/epub+zip"), CONTENT, MANIFEST}, PROBLEM_attachment_type_refused, NULL},
    {{KIND("application/pdf"), CONTENT, MANIFEST}, PROBLEM_attachment_type_refused, NULL},
    {{CONTENT, KIND(ODT), MANIFEST}, PROBLEM_attachment_type_refused, NULL}, /* not the first member */
    {{{"mimetype", ODT, true, false}, CONTENT, MANIFEST}, PROBLEM_attachment_type_refused, NULL},
    {{{"a.class", "x", true, false}, {"META-INF/MANIFEST.MF", "x", true, false}},
     PROBLEM_attachment_type_refused,
     NULL},
    {{TYPES}, PROBLEM_attachment_type_refused, NULL},
    {{KIND(ODT), MANIFEST}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), CONTENT}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"../x", "x", true, false}}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"/x", "x", true, false}}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"a\\b", "x", true, false}}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"", "x", true, false}}, PROBLEM_attachment_damaged, NULL},
    {{KIND(ODT), {"content.xml", "\x81\x9a\x01\x02", false, false}, MANIFEST}, PROBLEM_attachment_encrypted, NULL},
    {{KIND(ODT), {"content.xml", "deflated", true, true}, MANIFEST}, PROBLEM_attachment_encrypted, NULL},
    {{KIND(ODT), {"encrypted-package", "x", false, false}, MANIFEST}, PROBLEM_attachment_encrypted, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"Basic/Standard/a.xml", "x", true, false}}, PROBLEM_attachment_macros, NULL},
    {{KIND(ODT), CONTENT, MANIFEST, {"Scripts/python/a.py", "x", true, false}}, PROBLEM_attachment_macros, NULL},
    {{TYPES, {"word/document.xml", "x", true, false}, {"word/vbaProject.bin", "x", true, false}},
     PROBLEM_attachment_macros,
     NULL},
};

Test(attachment_type, packages_are_told_by_their_members)
{
    for (size_t i = 0; i < COUNT(packages); i++) {
        struct buffer file = make_package(packages[i].members);
        const struct attachment_type *type = NULL;
        enum problem problem = judge(file.data, file.length, &type);

        cr_expect_eq(problem, packages[i].problem, "%zu: %s", i, problem_entry(problem)->code);
        if (packages[i].extension)
            cr_expect(type && strcmp(type->extension, packages[i].extension) == 0, "%zu", i);
        else
            cr_expect_null(type, "%zu", i);
        buffer_free(&file);
    }
}

Test(attachment_type, a_package_that_is_cut_or_lengthened_anywhere_is_damaged)
{
    static const struct packed_member members[] = {KIND(ODT), CONTENT, MANIFEST, {NULL, NULL, false, false}};
    struct buffer file = make_package(members);
    const struct attachment_type *type;

    for (size_t length = 4; length < file.length; length++)
        cr_expect_eq(judge(file.data, length, &type), PROBLEM_attachment_damaged, "%zu bytes", length);
    buffer_append_text(&file, "more");
    cr_expect_eq(judge(file.data, file.length, &type), PROBLEM_attachment_damaged);
    buffer_free(&file);
}

Test(attachment_type, a_file_that_a_zip_reader_would_open_too_is_of_two_kinds)
{
    static const struct packed_member members[] = {CONTENT, {NULL, NULL, false, false}};
    struct buffer package = make_package(members), file = BUFFER_WITH_LIMIT(MOST);
    const struct attachment_type *type;

    buffer_append(&file, PDF, sizeof PDF - 1);
    buffer_append(&file, package.data, package.length);
    cr_expect_eq(judge(file.data, file.length, &type), PROBLEM_attachment_ambiguous);
    buffer_append_text(&file, "%%EOF"); /* the archive inside ends before: a PDF may hold one */
    cr_expect_eq(judge(file.data, file.length, &type), PROBLEM_NONE);
    buffer_free(&file);
    buffer_free(&package);
}

static bool fail_to_read(void *context, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    int *left = context;

    (void)at;
    memset(ret_bytes, 0, length);
    return (*left)-- > 0;
}

Test(attachment_type, what_can_not_be_read_is_not_judged)
{
    int left = 0;
    struct byte_source source = {.size = 100, .read = fail_to_read, .context = &left};
    const struct attachment_type *type;
    enum problem problem;

    cr_expect(!attachment_judge(&source, &problem, &type));
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *given, *media_type, *name;
} names[] = {
    {"minutes.pdf", "application/pdf", "minutes.pdf"},
    {"會議紀錄.PDF", "application/pdf", "會議紀錄.PDF"},
    {"photo.jpeg", "image/jpeg", "photo.jpeg"},
    {"photo.png", "image/jpeg", "photo.jpg"},
    {"a.exe", "application/pdf", "a.pdf"},
    {"a.pdf.exe", "application/pdf", "a.pdf.pdf"},
    {"a.tar.gz", ODT, "a.tar.odt"},
    {"113.06.17 會議", "application/pdf", "113.06.17 會議.pdf"},
    {"no extension", "application/pdf", "no extension.pdf"},
    {"../../etc/passwd", "application/pdf", "passwd.pdf"},
    {"C:\\windows\\evil.pdf", "application/pdf", "evil.pdf"},
    {"", "application/pdf", "attachment.pdf"},
    {"..", "application/pdf", "attachment.pdf"},
    {"/", "application/pdf", "attachment.pdf"},
    {" .hidden", "application/pdf", "hidden.pdf"},
    {"a\r\nb\tc.pdf", "application/pdf", "abc.pdf"},
    {"a<b>:\"|?*.pdf", "application/pdf", "a_b______.pdf"},
    {"end. . .pdf", "application/pdf", "end.pdf"},
    {"bad\xe2\x80", "application/pdf", NULL},
    {"bad\xff\xfe.pdf", "application/pdf", NULL},
};

Test(attachment_name, names_are_made_harmless)
{
    struct arena *arena = arena_new(MEMORY);

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *name = attachment_name(arena, names[i].given, attachment_type(names[i].media_type));

        cr_assert_not_null(name);
        if (names[i].name)
            cr_expect_str_eq(name, names[i].name, "%s: %s", names[i].given, name);
    }
    arena_free(arena);
}

/* Controls, and characters that turn, hide or part what is read: U+0085, U+200B, U+202E, U+2028, U+2066, U+FEFF. */
static const char hidden[][4] = {"\xc2\x85",
                                 "\xe2\x80\x8b",
                                 {(char)0xe2, (char)0x80, (char)0xae},
                                 "\xe2\x80\xa8",
                                 {(char)0xe2, (char)0x81, (char)0xa6},
                                 "\xef\xbb\xbf"};

Test(attachment_name, characters_that_are_not_to_be_seen_are_left_out)
{
    struct arena *arena = arena_new(MEMORY);

    for (size_t i = 0; i < COUNT(hidden); i++) {
        const char *given = arena_format(arena, "a%s%sfdp.exe", hidden[i], hidden[i]);

        cr_expect_str_eq(attachment_name(arena, given, attachment_type("application/pdf")), "afdp.pdf", "%zu", i);
    }
    arena_free(arena);
}

Test(attachment_name, a_long_name_keeps_its_extension_and_200_characters)
{
    struct arena *arena = arena_new(MEMORY);
    char given[4 * 500 + 5] = "";
    size_t characters = 0;

    for (int i = 0; i < 500; i++)
        memcpy(given + 3 * i, "長", 4);
    memcpy(given + 1500, ".odt", 5);

    const char *name = attachment_name(arena, given, attachment_type(ODT));

    for (const char *c = name; *c; c++)
        characters += ((unsigned char)*c & 0xc0) != 0x80;
    cr_expect_leq(characters, 200);
    cr_expect_str_eq(name + strlen(name) - 7, "長.odt");
    arena_free(arena);
}
