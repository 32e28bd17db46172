# Prints what R's arrow reads in the Arrow files of a folder, in the lines that README.md tells; the
# bytes of each column go to a file, since R has no SHA-256 of its own.
#
# Usage: Rscript readers.R FOLDER BYTES_FOLDER

kind <- function(type) {
  text <- type$ToString()
  if (grepl("^fixed_size_list", text)) {
    return(sprintf("float32[%d]", type$list_size))
  }
  switch(text, double = "float64", string = "utf8", text)
}

write_column <- function(values, kind, file) {
  out <- file(file, "wb")
  on.exit(close(out))
  for (i in seq_along(values)) {
    value <- values[[i]]
    if (length(value) == 1 && is.na(value)) {
      writeBin(as.raw(0), out)
      next
    }
    writeBin(as.raw(1), out)
    if (kind == "utf8") {
      text <- charToRaw(enc2utf8(value))
      writeBin(length(text), out, size = 4, endian = "big")
      writeBin(text, out)
    } else if (kind == "bool") {
      writeBin(as.raw(value), out)
    } else if (kind == "float64") {
      writeBin(as.double(value), out, size = 8, endian = "big")
    } else if (startsWith(kind, "float32[")) {
      writeBin(as.double(value), out, size = 4, endian = "big")
    } else {
      # A whole number below 2^53, as two halves.
      number <- as.double(value)
      writeBin(as.integer(floor(number / 2^32)), out, size = 4, endian = "big")
      low <- number %% 2^32
      writeBin(as.integer(if (low >= 2^31) low - 2^32 else low), out, size = 4, endian = "big")
    }
  }
}

main <- function(folder, bytes) {
  files <- list.files(folder, pattern = "\\.arrow$", recursive = TRUE)
  for (file in files) {
    table <- arrow::read_ipc_file(file.path(folder, file), as_data_frame = FALSE)
    frame <- as.data.frame(table)
    for (name in names(table)) {
      type <- kind(table$schema$GetFieldByName(name)$type)
      column <- file.path(bytes, "column")
      write_column(frame[[name]], type, column)
      digest <- sub(" .*", "", system2("sha256sum", column, stdout = TRUE))
      cat(file, nrow(table), name, type, digest, sep = "\t")
      cat("\n")
    }
  }
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) == 2) {
  main(arguments[1], arguments[2])
}
