// Package pulumi has what the programs use of Pulumi's SDK, by its types alone.
package pulumi

type Context struct{ Log Log }

type Log struct{}

func (Log) Info(string, any) error { return nil }

type (
	Bool           bool
	String         string
	ID             string
	IDOutput       struct{}
	ResourceOption struct{}
)

func Provider(any) ResourceOption        { return ResourceOption{} }
func Parent(any) ResourceOption          { return ResourceOption{} }
func Protect(bool) ResourceOption        { return ResourceOption{} }
func RetainOnDelete(bool) ResourceOption { return ResourceOption{} }
func Import(ID) ResourceOption           { return ResourceOption{} }
