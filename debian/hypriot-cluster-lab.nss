# Names below .consul, which no other service knows.
hosts before=resolve,dns cluster_lab
