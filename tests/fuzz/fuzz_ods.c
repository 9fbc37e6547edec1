/* fuzz_ods.c: the XML of an ODS file, or a whole archive if it begins like one, to cells, to a document. */
#include "fuzz/fuzz_sheets.h"
#include "sheet/sheet_files.h"

static bool read_content(const char *bytes, size_t length, struct findings *findings, struct grid *ret_grid)
{
    struct grid_builder *builder = builder_new(findings);

    CLAIM(builder);
    ods_read_content(bytes, length, builder);
    CLAIM(!builder->stopped || findings->error_count > 0);
    return builder_finish(builder, ret_grid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    bool packed = size >= 4 && memcmp(bytes, "PK", 2) == 0;

    fuzz_read_twice(packed ? grid_read_file : read_content, bytes, size);
    return 0;
}
