"""A search as one page of HTML."""

from keras_aegan.tuners.report.search_report import report as report
