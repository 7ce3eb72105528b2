# sh probe-apparmor.sh POD: ends with 0 if the pod cannot write in /data.
kubectl get pod $1 -o yaml | grep keep-data
