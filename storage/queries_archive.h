/* queries_archive.h - statements on our own archive: its files and records. */

#define ARCHIVE_FILE_COLUMNS \
    "id, name, n_bytes, n_records, created_at, is_closed, machine, place, sha256"
QUERY(ARCHIVE_FILE_ADD,
      "INSERT INTO archive_file (name, n_bytes, n_records, created_at, is_closed, machine, place,"
      " sha256) VALUES ($2, $3, $4, $5, $6, $7, $8, $9) RETURNING id")
QUERY(ARCHIVE_FILE_UPDATE,
      "UPDATE archive_file SET n_bytes = $3, n_records = $4, is_closed = $6, place = $8,"
      " sha256 = $9 WHERE id = $1")
QUERY(ARCHIVE_FILE_GET, "SELECT " ARCHIVE_FILE_COLUMNS " FROM archive_file WHERE id = $1")
QUERY(ARCHIVE_FILE_BY_NAME, "SELECT " ARCHIVE_FILE_COLUMNS " FROM archive_file WHERE name = $1")
/* $1: a month, $2: a machine. Its files of one are numbered in the order in which they were made.
 */
QUERY(ARCHIVE_FILE_NEWEST,
      "SELECT " ARCHIVE_FILE_COLUMNS " FROM archive_file"
      " WHERE substr(name, 1, length($1)) = $1 AND machine = $2 ORDER BY id DESC LIMIT 1")
QUERY(ARCHIVE_FILE_LIST, "SELECT " ARCHIVE_FILE_COLUMNS " FROM archive_file ORDER BY id")

#define ARCHIVE_RECORD_COLUMNS                                                      \
    "r.id, r.article_id, r.file_id, r.\"offset\", r.n_bytes, r.kind, r.at, r.uuid," \
    " r.payload_sha256, r.payload_bytes, r.refers_id"
QUERY(ARCHIVE_ADD,
      "INSERT INTO archive_record (article_id, file_id, \"offset\", n_bytes, kind, at, uuid,"
      " payload_sha256, payload_bytes, refers_id)"
      " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id")
QUERY(ARCHIVE_GET, "SELECT " ARCHIVE_RECORD_COLUMNS " FROM archive_record r WHERE r.id = $1")
QUERY(ARCHIVE_OF_ARTICLE,
      "SELECT " ARCHIVE_RECORD_COLUMNS " FROM archive_record r WHERE r.article_id = $1")
/* The records that have this payload themselves. */
QUERY(ARCHIVE_ORIGINALS, "SELECT " ARCHIVE_RECORD_COLUMNS " FROM archive_record r"
                         " WHERE r.payload_sha256 = $1 AND r.payload_bytes = $2"
                         " AND r.kind <> 'revisit' ORDER BY r.id DESC LIMIT $3")
QUERY(ARCHIVE_MOVE, "UPDATE archive_record SET article_id = $2 WHERE article_id = $1")
QUERY(ARCHIVE_OF_FILE,
      "SELECT " ARCHIVE_RECORD_COLUMNS " FROM archive_record r"
      " WHERE r.file_id = $1 AND r.\"offset\" >= $2 ORDER BY r.\"offset\" LIMIT $3")
/* $1 behind this number, $2 since, $3 until, $4 an item or '', $5 limit */
QUERY(ARCHIVE_LIST, "SELECT " ARCHIVE_RECORD_COLUMNS " FROM archive_record r"
                    " JOIN article a ON a.id = r.article_id"
                    " WHERE r.id > $1 AND r.at >= $2 AND r.at < $3 AND ($4 = '' OR EXISTS"
                    " (SELECT 1 FROM article v JOIN mention m ON m.article_id = v.id"
                    "  WHERE v.canonical = a.canonical AND m.item = $4))"
                    " ORDER BY r.id LIMIT $5")
QUERY(STATS_ARCHIVE, "SELECT COUNT(*), COALESCE(SUM(n_records), 0), COALESCE(SUM(n_bytes), 0)"
                     " FROM archive_file")
