"""What is learned from texts: clusters and a classifier, in a process of their own."""
