/* sheet_archive.c: members of a zip file, sound and hostile. */
#include <stdint.h>

#include "sheet/archive.h"
#include "unit/archive_support.h"

/* Opens, reads one member whole and says what happened: "good TEXT", or "refused WORDS". The caller frees it. */
static char *outcome_of(const struct made_file *file, const char *member)
{
    struct buffer said = BUFFER_WITH_LIMIT(1024 * 1024);
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct archive *archive = NULL;
    const struct name *refusal = NULL;
    const char *text = NULL;
    size_t length = 0;
    enum archive_outcome outcome = archive_open(file->bytes, file->length, &archive, &refusal);

    if (outcome == ARCHIVE_GOOD && member)
        outcome = archive_read(archive, member, MOST_READ, arena, &text, &length, &refusal);
    cr_assert_neq(outcome, ARCHIVE_OUT_OF_MEMORY);
    if (outcome == ARCHIVE_GOOD)
        buffer_append_format(&said, "good %s", text ? text : "");
    else
        buffer_append_format(&said, "refused %s", refusal->text[LANGUAGE_EN]);
    archive_close(archive);
    arena_free(arena);
    return buffer_take(&said, NULL);
}

static void expect_outcome(struct made_file file, const char *member, const char *expected)
{
    char *said = outcome_of(&file, member);

    cr_expect(strstr(said, expected) != NULL, "%s: expected %s, got %s", member ? member : "open", expected, said);
    free(said);
    free(file.bytes);
}

static struct made_file two_members(void)
{
    return make_archive((struct made_member[]){{"mimetype", "kind", 0}, {"a/content.xml", "<x/>", 0}}, 2);
}

/* Writes a little-endian number behind the first `signature` of the file, in the first header of a member. */
static void patch(struct made_file *file, const char *signature, size_t offset, uint32_t value, size_t size)
{
    char *at = memmem(file->bytes, file->length, signature, 4);

    cr_assert_not_null(at);
    for (size_t i = 0; i < size; i++)
        at[offset + i] = (char)(value >> (8 * i));
}

Test(archive, a_member_is_read_whole_whatever_the_case_of_its_name)
{
    expect_outcome(two_members(), "mimetype", "good kind");
    expect_outcome(two_members(), "A/Content.XML", "good <x/>");
    expect_outcome(two_members(), "b", "refused the file lacks a part");
}

Test(archive, every_truncation_is_refused_and_none_is_read_past_its_end)
{
    struct made_file whole = two_members();

    for (size_t length = 0; length < whole.length; length++) {
        struct made_file part = {.bytes = malloc(length + 1), .length = length};

        memcpy(part.bytes, whole.bytes, length);
        expect_outcome(part, "mimetype", "refused");
    }
    free(whole.bytes);
}

Test(archive, encryption_of_either_kind_is_told)
{
    struct made_file flagged = two_members();
    static const char compound[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more";

    patch(&flagged, "PK\1\2", 8, 1, 2);
    expect_outcome(flagged, NULL, "refused the file is encrypted");
    expect_outcome(make_archive((struct made_member[]){{"META-INF/manifest.xml",
                                                        "<manifest:file-entry><manifest:encryption-data/>", 0}},
                                1),
                   NULL, "refused the file is encrypted");
    expect_outcome((struct made_file){memcpy(malloc(sizeof compound), compound, sizeof compound), sizeof compound - 1},
                   NULL, "refused the file is encrypted or an old .xls");
}

Test(archive, names_that_lead_elsewhere_or_stand_twice_are_refused)
{
    static const char *const names[] = {"/etc/passwd", "../x", "a/../b", "a/..", "..", "a\\b"};

    for (size_t i = 0; i < COUNT(names); i++)
        expect_outcome(make_archive((struct made_member[]){{names[i], "x", 0}}, 1), NULL, "unlawful name");
    expect_outcome(make_archive((struct made_member[]){{"a..b/..c", "x", 0}}, 1), "a..b/..c", "good x");

    struct made_file twice = make_archive((struct made_member[]){{"abc", "x", 0}, {"abd", "y", 0}}, 2);

    for (char *at = twice.bytes; (at = memmem(at, (size_t)(twice.bytes + twice.length - at), "abd", 3));)
        at[2] = 'C';
    expect_outcome(twice, NULL, "two members of one name");
}

Test(archive, more_than_2000_members_are_refused)
{
    struct made_member *members = calloc(2001, sizeof *members);
    char names[2001][8];

    for (size_t i = 0; i < 2001; i++) {
        snprintf(names[i], sizeof names[i], "m%zu", i);
        members[i] = (struct made_member){names[i], "", 0};
    }
    expect_outcome(make_archive(members, 2000), "m1999", "good ");
    expect_outcome(make_archive(members, 2001), NULL, "more than 2,000 members");
    free(members);
}

Test(archive, what_is_inflated_is_counted_not_what_the_header_claims)
{
    struct made_file large = make_archive((struct made_member[]){{"x", NULL, 16 * 1024 * 1024}}, 1);

    expect_outcome(large, "x", "refused the file is too large when unpacked"); /* 1,000 times its compressed size */

    struct made_file lying = make_archive((struct made_member[]){{"x", NULL, 16 * 1024 * 1024}}, 1);

    patch(&lying, "PK\1\2", 24, 10, 4);
    patch(&lying, "PK\3\4", 22, 10, 4);
    expect_outcome(lying, "x", "refused");

    struct made_file claiming = two_members();

    patch(&claiming, "PK\1\2", 24, 4000000000u, 4);
    patch(&claiming, "PK\3\4", 22, 4000000000u, 4);
    expect_outcome(claiming, "mimetype", "refused");
}

static bool count_pieces(void *context, const char *bytes, size_t count)
{
    size_t *left = context;

    cr_expect(count > 0 && bytes[0] == ' ');
    return --*left > 0;
}

Test(archive, a_stream_ends_when_its_receiver_has_enough)
{
    struct made_file file = make_archive((struct made_member[]){{"x", NULL, 3 * 1024 * 1024}}, 1);
    const struct name *refusal = NULL;
    struct archive *archive = NULL;
    size_t pieces = 2, all = SIZE_MAX;

    cr_assert_eq(archive_open(file.bytes, file.length, &archive, &refusal), ARCHIVE_GOOD);
    cr_expect_eq(archive_member_count(archive), 1);
    cr_expect_str_eq(archive_member_name(archive, 0), "x");
    cr_expect_eq(archive_member_size(archive, 0), 3 * 1024 * 1024);
    cr_expect_eq(archive_stream(archive, "x", count_pieces, &pieces, &refusal), ARCHIVE_STOPPED);
    cr_expect_eq(pieces, 0);
    cr_expect_eq(archive_stream(archive, "x", count_pieces, &all, &refusal), ARCHIVE_GOOD);
    cr_expect_null(refusal);
    archive_close(archive);
    archive_close(NULL);
    free(file.bytes);
}
