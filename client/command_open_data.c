/* command_open_data.c: tributary open-data: a year's figures for the public, in every format, with what they are. */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "command.h"
#include "export.h"
#include "files.h"
#include "plan_cache.h"
#include "url.h"

enum { SUMS_LIMIT = 4096 };

/* The files of a release: what is asked for, in which format, and what the file is called. */
static const struct part {
    const char *rest, *format, *name;
} parts[] = {{"open-data", "csv", "open-data-%s.csv"},
             {"open-data", "ods", "open-data-%s.ods"},
             {"open-data", "xlsx", "open-data-%s.xlsx"},
             {"open-data", "json", "open-data-%s.json"},
             {"open-data/description", "json", "description-%s.json"}};

enum { PART_COUNT = sizeof parts / sizeof *parts };

struct fetched {
    const char *name, *bytes;
    size_t length;
};

static const char *part_name(struct client *client, const struct part *part, const char *year)
{
    const char *mark = strchr(part->name, '%');

    return arena_format(client->arena, "%.*s%s%s", (int)(mark - part->name), part->name, year, mark + 2);
}

/* All of it is asked for before anything is written: a release is whole or it isn't there. */
static enum exit_status fetch_parts(struct client *client, const char *year, struct fetched *files)
{
    enum exit_status status;
    const char *plan = plan_code(client, &status), *plan_part = plan ? url_part(client->arena, plan) : NULL;

    if (!plan_part)
        return plan ? EXIT_USAGE : status;
    for (size_t i = 0; i < PART_COUNT && status == EXIT_DONE; i++) {
        const char *path = arena_format(client->arena, "/v1/plans/%s/%s", plan_part, parts[i].rest);

        files[i].name = part_name(client, &parts[i], year);
        status = export_fetch(
            client, path ? url_query(client->arena, path, &(const struct url_parameter){"year", year}, 1) : NULL,
            parts[i].format, &files[i].bytes, &files[i].length);
    }
    return status;
}

/* As sha256sum(1) writes and checks them. */
static enum exit_status save_sums(struct client *client, const char *folder, const char *year,
                                  const struct fetched *files)
{
    struct buffer sums = BUFFER_WITH_LIMIT(SUMS_LIMIT);
    enum exit_status status;

    for (size_t i = 0; i < PART_COUNT; i++) {
        struct digest digest = digest_of(files[i].bytes, files[i].length);
        char hex[DIGEST_TEXT_SIZE];

        digest_format(&digest, hex);
        buffer_append_format(&sums, "%s  %s\n", hex, files[i].name);
    }
    status = sums.failed ? client_usage(client, client_word(client, out_of_memory))
                         : export_save(client, arena_format(client->arena, "%s/SHA256SUMS-%s", folder, year), sums.data,
                                       sums.length);
    buffer_free(&sums);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *year = client_option(client, "year"), *folder = client_option(client, "output");
    struct fetched files[PART_COUNT] = {0};
    enum exit_status status;
    int error;

    if (!year || !url_part(client->arena, year) || strcmp(url_part(client->arena, year), year) != 0 ||
        strchr(year, '.'))
        return client_usage(client, client_text(client, option_needed, "--year"));
    if (!folder)
        return client_usage(client, client_text(client, option_needed, "-o"));
    status = fetch_parts(client, year, files);
    if (status != EXIT_DONE)
        return status;
    if ((error = folder_make(folder)) != 0)
        return client_machine_fault(client, folder, error);
    for (size_t i = 0; i < PART_COUNT && status == EXIT_DONE; i++)
        status = export_save(client, arena_format(client->arena, "%s/%s", folder, files[i].name), files[i].bytes,
                             files[i].length);
    return status == EXIT_DONE ? save_sums(client, folder, year, files) : status;
}

static const struct option options[] = {
    {"year", "YEAR", {{"民國年，如 113", "the ROC year, such as 113"}}},
    {"output", "DIRECTORY", {{"寫入的資料夾，可簡寫為 -o", "the folder to write into, in short -o"}}},
    {"force", NULL, {{"檔案已存在時覆寫", "overwrite files that are there"}}},
    {0},
};

const struct command command_open_data = {
    .name = "open-data",
    .usage = "--year YEAR -o DIRECTORY",
    .summary = {{"產製一年度的開放資料（CSV、ODS、XLSX、JSON）及其說明",
                 "a year's open data as CSV, ODS, XLSX and JSON, with its description"}},
    .details =
        {{"人數過少之數值及可據以推算者不予公布；每年度依計畫所定時點產製一次，內容不再變動。以 sha256sum -c 核對檔案。",
          "Small counts of persons, and what they could be worked out from, are withheld. A year's data are as of the moment that the plan names and never change. Check the files with sha256sum -c."}},
    .options = options,
    .run = run};
