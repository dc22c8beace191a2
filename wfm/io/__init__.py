"""The borders: readers of files and writers of what a plan hands out."""
