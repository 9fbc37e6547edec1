/* client_outbox.c: whatever instant the client dies at, an entry is whole, on one shelf, and never lost.
 *
 * The calls that change the disk are replaced by ones that end the process, as kill -9 would, at a chosen one of them (a
 * write at half its bytes), and that note their order, which decides what a power failure can take. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "outbox.h"
#include "unit/client_support.h"

/* --- the disk's calls ---------------------------------------------------------------------------------------------- */

static int calls_left = -1; /* the process ends at this call; -1: never */
static char trace[256];     /* w write, f fsync of a file, r rename, d fsync of a folder */

static bool ends_here(char call)
{
    size_t length = strlen(trace);

    if (length + 1 < sizeof trace)
        trace[length] = call;
    return calls_left > 0 && --calls_left == 0;
}

ssize_t writing(int file, const void *bytes, size_t length) __asm__("write");
int syncing(int file) __asm__("fsync");
int renaming(const char *from, const char *to) __asm__("rename");

ssize_t writing(int file, const void *bytes, size_t length)
{
    if (file > STDERR_FILENO && ends_here('w')) {
        syscall(SYS_write, file, bytes, length / 2);
        _exit(137);
    }
    return syscall(SYS_write, file, bytes, length);
}

int syncing(int file)
{
    struct stat status;

    if (ends_here(fstat(file, &status) == 0 && S_ISDIR(status.st_mode) ? 'd' : 'f'))
        _exit(137);
    return (int)syscall(SYS_fsync, file);
}

int renaming(const char *from, const char *to)
{
    if (ends_here('r'))
        _exit(137);
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* --- what the tests share ------------------------------------------------------------------------------------------ */

static void set_up(void)
{
    cr_assert_geq(sodium_init(), 0);
    make_test_folder();
}

static const char body[] = "{\"form\":\"training\",\n\"x\":\"\xe5\x9f\xb9\"}\0binary\n";

static struct outbox_entry sample(const char *period)
{
    return (struct outbox_entry){.server = "http://127.0.0.1:1",
                                 .path = "/v1/plans/p/submissions",
                                 .content_type = "application/json",
                                 .idempotency_key = "0123456789abcdef",
                                 .file = "annual.json",
                                 .form = "training",
                                 .office = "1",
                                 .period = period,
                                 .base = 3,
                                 .body = body,
                                 .body_length = sizeof body - 1};
}

static struct outbox *open_outbox(void)
{
    struct outbox *outbox;

    cr_assert_eq(outbox_open(memory, test_folder, &outbox), 0);
    return outbox;
}

static size_t count_on(struct outbox *outbox, enum shelf shelf)
{
    const char **ids;
    size_t count;

    cr_assert_eq(outbox_list(outbox, shelf, &ids, &count), 0);
    return count;
}

static const char *store(struct outbox *outbox, const char *period)
{
    struct outbox_entry entry = sample(period);
    const char *id;

    cr_assert_eq(outbox_store(outbox, &entry, &id), 0);
    return id;
}

static bool is_whole(const struct outbox_entry *entry)
{
    return entry->body_length == sizeof body - 1 && memcmp(entry->body, body, sizeof body - 1) == 0 &&
           strcmp(entry->idempotency_key, "0123456789abcdef") == 0 && strcmp(entry->file, "annual.json") == 0 &&
           entry->base == 3 && !entry->event;
}

static void expect_whole(struct outbox *outbox, enum shelf shelf, const char *id)
{
    struct outbox_entry entry;

    cr_assert_eq(outbox_read(outbox, shelf, id, &entry), 0);
    cr_assert(is_whole(&entry));
}

/* Runs `work` in a process that ends at its `call`th change of the disk; true if it got to its end before that. */
static bool survives(void (*work)(void), int call)
{
    int status;
    pid_t child = fork();

    cr_assert_geq(child, 0);
    if (child == 0) {
        calls_left = call;
        work();
        _exit(0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 137));
    return WEXITSTATUS(status) == 0;
}

static size_t count_unfinished(void)
{
    const char **names;
    size_t count;
    const char *folder = arena_format(memory, "%s/outbox", test_folder);
    size_t unfinished = 0;

    cr_assert_eq(folder_list(memory, folder, "", &names, &count), 0); /* hidden names aren't listed */
    for (size_t i = 0; i < count; i++)
        unfinished += strncmp(names[i], UNFINISHED_PREFIX, strlen(UNFINISHED_PREFIX)) == 0;
    return unfinished;
}

/* --- crashes ------------------------------------------------------------------------------------------------------- */

static void store_one(void)
{
    struct outbox_entry entry = sample("113");
    struct outbox *outbox;
    const char *id;

    if (outbox_open(memory, test_folder, &outbox) != 0 || outbox_store(outbox, &entry, &id) != 0)
        _exit(1);
}

Test(client_outbox, a_crash_while_storing_leaves_nothing_or_a_whole_entry, .init = set_up, .fini = remove_test_folder)
{
    size_t before = 0;
    bool done = false;
    int call = 1;

    for (; !done && call < 200; call++) {
        done = survives(store_one, call);

        struct outbox *outbox = open_outbox();
        const char **ids;
        size_t count;

        cr_assert_eq(outbox_list(outbox, SHELF_OUTBOX, &ids, &count), 0);
        cr_assert(count == before || count == before + 1, "crash at call %d", call);
        cr_assert(!done || count == before + 1, "what was reported as stored is there");
        for (size_t i = 0; i < count; i++)
            expect_whole(outbox, SHELF_OUTBOX, ids[i]);
        before = count;
    }
    cr_assert(done);
    cr_assert_gt(call, 5, "the crash points were really reached");
    cr_assert_eq(count_unfinished(), 0);
}

static void settle_first(void)
{
    struct outbox *outbox;
    const char **ids;
    size_t count;

    if (outbox_open(memory, test_folder, &outbox) != 0 || outbox_list(outbox, SHELF_OUTBOX, &ids, &count) != 0 ||
        count != 1 || outbox_settle(outbox, ids[0], SHELF_RECEIPTS, "{\"receipt\":1}", 13) != 0)
        _exit(1);
}

Test(client_outbox, a_crash_while_settling_leaves_the_entry_on_one_shelf_with_its_answer, .init = set_up,
     .fini = remove_test_folder)
{
    bool done = false;
    int call = 1;

    for (; !done && call < 200; call++) {
        struct outbox *outbox = open_outbox();
        const char *id = store(outbox, "113"), *answer;
        size_t length, settled = count_on(outbox, SHELF_RECEIPTS);

        done = survives(settle_first, call);
        if (count_on(outbox, SHELF_OUTBOX) == 1) {
            cr_assert_eq(count_on(outbox, SHELF_RECEIPTS), settled, "an entry stands on one shelf only");
            expect_whole(outbox, SHELF_OUTBOX, id);
            cr_assert_eq(outbox_settle(outbox, id, SHELF_RECEIPTS, "{\"receipt\":1}", 13), 0, "it is settled again");
        }
        cr_assert_eq(count_on(outbox, SHELF_RECEIPTS), settled + 1);
        expect_whole(outbox, SHELF_RECEIPTS, id);
        cr_assert_eq(outbox_answer(outbox, SHELF_RECEIPTS, id, &answer, &length), 0,
                     "an entry never lies without its answer");
        cr_assert_str_eq(answer, "{\"receipt\":1}");
    }
    cr_assert(done);
    cr_assert_gt(call, 5);
}

Test(client_outbox, names_appear_only_after_their_bytes_are_durable_and_before_success_is_told, .init = set_up,
     .fini = remove_test_folder)
{
    struct outbox *outbox = open_outbox();
    const char *id;

    memset(trace, 0, sizeof trace);
    id = store(outbox, "113");
    cr_expect_str_eq(trace, "wfrd");
    memset(trace, 0, sizeof trace);
    cr_assert_eq(outbox_settle(outbox, id, SHELF_REFUSED, "{}", 2), 0);
    cr_expect_str_eq(trace, "wfrdrdd", "answer: write, fsync, rename, folder; entry: rename, both folders");
}

Test(client_outbox, a_left_over_of_a_crash_is_swept_by_the_next_store, .init = set_up, .fini = remove_test_folder)
{
    struct outbox *outbox = open_outbox();
    const char *left = arena_format(memory, "%s/outbox/" UNFINISHED_PREFIX "abc", test_folder);
    FILE *file = fopen(left, "w");

    cr_assert_not_null(file);
    fclose(file);
    store(outbox, "113");
    cr_expect_neq(access(left, F_OK), 0);
    cr_expect_eq(count_on(outbox, SHELF_OUTBOX), 1);
}

/* --- several at once ----------------------------------------------------------------------------------------------- */

Test(client_outbox, processes_that_store_at_once_lose_nothing_and_keep_their_order, .init = set_up,
     .fini = remove_test_folder)
{
    enum { PROCESSES = 4, EACH = 25 };
    struct outbox *outbox = open_outbox();
    const char **ids;
    size_t count;

    for (int i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            for (int k = 0; k < EACH; k++)
                store_one();
            _exit(0);
        }
    }
    for (int i = 0, status; i < PROCESSES; i++)
        cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    cr_assert_eq(outbox_list(outbox, SHELF_OUTBOX, &ids, &count), 0);
    cr_assert_eq(count, PROCESSES * EACH);
    for (size_t i = 0; i < count; i++) {
        expect_whole(outbox, SHELF_OUTBOX, ids[i]);
        cr_assert(i == 0 || strcmp(ids[i - 1], ids[i]) < 0);
    }
}

Test(client_outbox, one_process_sends_at_a_time_and_a_killed_one_lets_go, .init = set_up, .fini = remove_test_folder)
{
    struct outbox *outbox = open_outbox();
    int ready[2], lock, status;
    char byte;

    cr_assert_eq(pipe(ready), 0);

    pid_t child = fork();

    if (child == 0) {
        if (outbox_lock(outbox, true, &lock) != 0 || syscall(SYS_write, ready[1], "x", 1) != 1)
            _exit(1);
        pause();
    }
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    cr_expect_eq(outbox_lock(outbox, false, &lock), EWOULDBLOCK);
    cr_assert_eq(kill(child, SIGKILL), 0);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(outbox_lock(outbox, false, &lock), 0);
    outbox_unlock(lock);
}

Test(client_outbox, a_clock_set_back_does_not_change_the_order, .init = set_up, .fini = remove_test_folder)
{
    struct outbox *outbox = open_outbox();
    const char *id = store(outbox, "113"), *next;
    const char *from = outbox_entry_file(outbox, SHELF_OUTBOX, id),
               *to = outbox_entry_file(outbox, SHELF_RECEIPTS, "09999999999999999");

    cr_assert_eq(rename(from, to), 0);
    next = store(outbox, "113");
    cr_expect_str_eq(next, "10000000000000000");
}

/* --- damaged files ------------------------------------------------------------------------------------------------- */

Test(client_outbox, a_file_that_is_not_whole_is_told_from_an_entry, .init = set_up, .fini = remove_test_folder)
{
    struct outbox *outbox = open_outbox();
    const char *id = store(outbox, "113"), *bytes;
    struct outbox_entry entry;
    size_t length;

    cr_assert_eq(file_read(memory, outbox_entry_file(outbox, SHELF_OUTBOX, id), 1 << 20, &bytes, &length), 0);
    for (size_t cut = 0; cut < length; cut++)
        cr_assert_eq(outbox_entry_parse(memory, bytes, cut, &entry), EBADMSG, "cut at %zu", cut);
    cr_assert_eq(outbox_entry_parse(memory, bytes, length, &entry), 0);

    char *flipped = arena_copy(memory, bytes, length);

    flipped[length - 3] ^= 1;
    cr_expect_eq(outbox_entry_parse(memory, flipped, length, &entry), EBADMSG, "a flipped bit of the body is found");
}

Test(client_outbox, revisions_of_one_report_are_told_from_those_of_others, .init = set_up, .fini = remove_test_folder)
{
    struct outbox_entry a = sample("113"), b = sample("113"), c = sample("114"), unknown = sample(NULL);

    cr_expect(outbox_same_report(&a, &b));
    cr_expect_not(outbox_same_report(&a, &c));
    cr_expect_not(outbox_same_report(&unknown, &unknown), "what doesn't say what it is stands for itself");
    b.server = "https://elsewhere";
    cr_expect_not(outbox_same_report(&a, &b));
    b = a;
    b.event = "e";
    cr_expect_not(outbox_same_report(&a, &b));
}
