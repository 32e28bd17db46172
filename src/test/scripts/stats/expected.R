# Computes with R what StatisticsTest expects; see README.md beside this file.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
folder <- file.path(dirname(script), "../../resources/dev/twintail/stats")

interval <- function(test) list(low = test$conf.int[1], high = test$conf.int[2])
# t.test refuses data that do not vary.
varies <- function(x) length(x) > 1 && diff(range(x)) > 1e-13
prefixed <- function(prefix, answers) {
  if (length(answers)) setNames(answers, paste0(prefix, names(answers))) else answers
}

t_answers <- function(x) {
  if (!varies(x)) return(list())
  test <- t.test(x)
  c(list(mean = mean(x), std = sd(x)), interval(test),
    list(statistic = unname(test$statistic), p = test$p.value))
}

sample_ <- function(values) t_answers(values)[1:4 * varies(values)]

paired <- function(first, second, ratio) {
  answers <- list()
  d <- round(first - second, 12)
  n <- length(d)
  if (varies(d)) {
    test <- t.test(first, second, paired = TRUE)
    answers <- c(prefixed("mean.", interval(test)),
                 prefixed("t.", list(statistic = unname(test$statistic), p = test$p.value)))
    error <- sd(d) * sqrt(1 / n + ratio)
    t <- mean(d) / error
    half <- qt(0.975, n - 1) * error
    answers <- c(answers, prefixed("corrected.", list(
      statistic = t, p = 2 * pt(-abs(t), n - 1), low = mean(d) - half, high = mean(d) + half)))
  }
  if (all(d != 0) && !anyDuplicated(abs(d))) {
    test <- wilcox.test(d, exact = TRUE)
    for (name in c("dropped.", "ranked.")) {
      answers <- c(answers, prefixed(name, list(
        statistic = unname(test$statistic), p = test$p.value)))
    }
  } else if (n <= 12 && any(d != 0)) {
    # R has no exact test with ties: the definition, over all signs.
    kept <- d[d != 0]
    ranks <- list(dropped. = rank(abs(kept)), ranked. = rank(abs(d))[d != 0])
    signs <- as.matrix(expand.grid(rep(list(0:1), length(kept))))
    for (name in names(ranks)) {
      w <- sum(ranks[[name]][kept > 0])
      all <- as.vector(signs %*% ranks[[name]])
      p <- min(1, 2 * min(mean(all <= w), mean(all >= w)))
      answers <- c(answers, prefixed(name, list(statistic = w, p = p)))
    }
  }
  answers
}

superiority <- function(counts) {
  n <- sum(counts)
  # Small counts bring a warning about the test, not about Wilson's interval.
  test <- suppressWarnings(prop.test(counts[1] + counts[2] / 2, n, correct = FALSE))
  c(list(share = unname(test$estimate)), interval(test))
}

exactly <- function(moments) {
  z <- seq_len(moments[3])
  moments[1] + moments[2] * (z - mean(z)) / sd(z)
}

welch <- function(ours, theirs, margin) {
  answers <- list(difference = ours[1] - theirs[1])
  if (!is.na(ours[2]) && !is.na(theirs[2]) && ours[2] + theirs[2] > 0) {
    x <- exactly(ours)
    y <- exactly(theirs)
    test <- t.test(x, y)
    lower <- t.test(x, y, mu = -margin, alternative = "greater")
    upper <- t.test(x, y, mu = margin, alternative = "less")
    answers <- c(answers, interval(test),
                 list(statistic = unname(test$statistic), p = test$p.value),
                 prefixed("tost.", interval(t.test(x, y, conf.level = 0.9))),
                 list(tost.p = max(lower$p.value, upper$p.value)))
  } else if (!is.na(ours[2]) && is.na(theirs[2])) {
    # The interval that should hold the mean of as many new values as theirs has.
    y <- exactly(ours)
    foreseen <- function(level) {
      p <- predict(lm(y ~ 1), data.frame(row = 1), interval = "prediction",
                   weights = theirs[3], level = level)
      list(low = p[, "lwr"] - theirs[1], high = p[, "upr"] - theirs[1])
    }
    answers <- c(answers, foreseen(0.95), prefixed("tost.", foreseen(0.9)))
  }
  answers
}

factorial <- function(neither, sharing, auxiliary, both) {
  n <- length(neither)
  # The halves are those of the effects in deviations from the mean; t squared is F.
  contrasts <- list(sharing = ((both - auxiliary) + (sharing - neither)) / 2,
                    auxiliary = ((both - sharing) + (auxiliary - neither)) / 2,
                    interaction = (both - auxiliary) - (sharing - neither))
  answers <- list()
  for (name in names(contrasts)) {
    answers <- c(answers, prefixed(paste0(name, "."), t_answers(contrasts[[name]])))
  }
  if (all(sapply(contrasts, varies))) {
    frame <- data.frame(
      y = c(neither, sharing, auxiliary, both), round = factor(rep(seq_len(n), 4)),
      s = factor(rep(c(0, 1, 0, 1), each = n)), a = factor(rep(c(0, 0, 1, 1), each = n)))
    strata <- summary(aov(y ~ s * a + Error(round / (s * a)), data = frame))
    of <- function(stratum, column) strata[[stratum]][[1]][[column]][1]
    terms <- c(sharing = "Error: round:s", auxiliary = "Error: round:a",
               interaction = "Error: round:s:a")
    for (name in names(terms)) {
      answers[[paste0(name, ".p")]] <- of(terms[[name]], "Pr(>F)")
      answers[[paste0(name, ".F")]] <- of(terms[[name]], "F value")
    }
  }
  answers
}

holm <- function(p) setNames(as.list(p.adjust(p, "holm")), seq_along(p) - 1)

methods <- list(sample = sample_, paired = paired, superiority = superiority, welch = welch,
                factorial = factorial, holm = holm)

lines <- paste0("# R ", R.version$major, ".", R.version$minor,
                ", by src/test/scripts/stats/expected.R")
for (line in readLines(file.path(folder, "cases.txt"))) {
  words <- strsplit(line, " ")[[1]]
  if (length(words) < 3 || !(words[1] %in% names(methods))) next
  arguments <- list()
  for (word in words[-(1:2)]) {
    pair <- strsplit(word, "=")[[1]]
    values <- strsplit(pair[2], ",")[[1]]
    arguments[[pair[1]]] <- as.numeric(replace(values, values == "none", NA))
  }
  answers <- do.call(methods[[words[1]]], arguments)
  answers <- answers[!sapply(answers, is.null)]
  if (length(answers) == 0) next
  cells <- paste0(names(answers), "=", sapply(answers, function(v) sprintf("%.17g", v)))
  lines <- c(lines, paste(c(words[1:2], cells), collapse = " "))
}
writeLines(lines, file.path(folder, "r.txt"))
